import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createManagedFolders } from '../../src-main/adapters/host/managed-folders';
import { createPythonJobType } from '../../src-main/job-types/python';
import { createMachine, isInstalled } from '../support/run-type';

// Interpreters and environments take seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000 });

const hasPython = isInstalled('python3', ['-c', 'import venv, ensurepip'], 'runs of real Python scripts');
const jupyter = ['python3', '/usr/bin/python3'].find((python) => {
  try {
    execFileSync(python, ['-c', 'import nbconvert, nbclient, ipykernel'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (!jupyter) console.warn('SKIPPED: runs of real notebooks: no python3 here has nbconvert and ipykernel');

function machineWithPython(host = {}) {
  const machine = createMachine(host);
  const environments = join(machine.folder, 'environments');
  const type = createPythonJobType({
    ...machine,
    environments: createManagedFolders({ folder: environments }),
  });
  return {
    ...machine,
    type,
    environments,
    file(name: string, content: string): string {
      writeFileSync(join(machine.folder, name), content);
      return join(machine.folder, name);
    },
    start: (config: Record<string, unknown>, options = {}) => machine.run(type, config, options),
  };
}

/** A package as a wheel, made here: no index can be reached from everywhere that tests run. */
function wheel(folder: string, name: string, version: string): void {
  const info = `${name}-${version}.dist-info`;
  const files = {
    [`${name}.py`]: `VERSION = "${version}"\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `${name}.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  };
  mkdirSync(folder, { recursive: true });
  const code =
    'import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n  [z.writestr(n, t) for n, t in json.loads(sys.argv[2]).items()]';
  execFileSync('python3', [
    '-c',
    code,
    join(folder, `${name}-${version}-py3-none-any.whl`),
    JSON.stringify(files),
  ]);
}

const venv = (folder: string) => execFileSync('python3', ['-m', 'venv', '--without-pip', folder]);

describe.skipIf(!hasPython)('the interpreter of a Python job', () => {
  it('is the one of its virtual environment, whose programs come first, and the log says so', async () => {
    const { start, folder } = machineWithPython();
    venv(join(folder, 'env'));
    const ran = await start({
      script_content:
        'import os, shutil, sys; print(sys.prefix, os.environ["VIRTUAL_ENV"], shutil.which("python"))',
      virtual_env: 'env',
    });
    const env = join(folder, 'env');
    expect(ran.stdout).toBe(`${env} ${env} ${join(env, 'bin', 'python')}\n`);
    expect(ran.system).toMatch(/^Python 3\.\d+\.\d+\S*: .*env\/bin\/python \(from virtual_env\)\n$/);
  });

  it('of a virtual environment that can not be used is named, with the reason and the remedy', async () => {
    const { start, folder } = machineWithPython();
    const message = async (virtual_env: string) => {
      const { outcome } = await start({ script_content: '1', virtual_env });
      expect(outcome).toMatchObject({ status: 'failed', error_class: 'configuration' });
      return outcome.status === 'failed' ? outcome.error_message : '';
    };
    expect(await message('none')).toMatch(/none does not exist; make it with: python -m venv/);
    venv(join(folder, 'moved'));
    rmSync(join(folder, 'moved/bin/python3'), { force: true });
    rmSync(join(folder, 'moved/bin/python'), { force: true });
    symlinkSync('/opt/gone/python3.9', join(folder, 'moved/bin/python3'));
    symlinkSync('python3', join(folder, 'moved/bin/python'));
    expect(await message('moved')).toMatch(/broken: its Python, \/opt\/gone\/python3\.9, no longer exists/);
    mkdirSync(join(folder, 'windows/Scripts'), { recursive: true });
    writeFileSync(join(folder, 'windows/Scripts/python.exe'), '');
    expect(await message('windows')).toMatch(/was made on Windows/);
    mkdirSync(join(folder, 'empty'));
    expect(await message('empty')).toMatch(/is no virtual environment: it holds no bin\/python/);
    mkdirSync(join(folder, 'sick/bin'), { recursive: true });
    writeFileSync(
      join(folder, 'sick/bin/python'),
      '#!/bin/sh\necho "No Python at \'C:\\\\gone\'" >&2\nexit 103\n',
      {
        mode: 0o755,
      },
    );
    expect(await message('sick')).toMatch(/broken: .*No Python at 'C:\\gone'/);
  });

  it('is the first on PATH that works; the job’s own PATH counts', async () => {
    const { start, folder } = machineWithPython();
    mkdirSync(join(folder, 'bin'));
    writeFileSync(
      join(folder, 'bin/python3'),
      '#!/bin/sh\necho "not installed, see the store" >&2\nexit 9\n',
      {
        mode: 0o755,
      },
    );
    const real = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
      encoding: 'utf8',
    }).trim();
    symlinkSync(real, join(folder, 'bin/python'));
    const ran = await start({ script_content: 'print("ran")', environment: { PATH: join(folder, 'bin') } });
    expect(ran.stdout).toBe('ran\n');
    expect(ran.system).toMatch(/Passed over: .*bin\/python3 \(from PATH\): not installed, see the store/);
    expect((await start({ script_content: '1', python: 'python9' })).outcome).toMatchObject({
      error_message: 'The interpreter "python9" (key python) was not found',
    });
    expect((await start({ script_content: '1', environment: { PATH: '/nowhere' } })).outcome).toMatchObject({
      error_message: expect.stringContaining('No Python was found on PATH'),
    });
  });
});

describe.skipIf(!hasPython)('a Python script', () => {
  it('shows each line when it is printed, in UTF-8', async () => {
    const { start, folder } = machineWithPython();
    const go = join(folder, 'go');
    const ran = await start(
      {
        script_content:
          'import os, sys, time\nprint("äöü 漢字 😀")\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.01)\nprint("end")',
        arguments: [go],
      },
      { onText: (text: string) => text.includes('漢字') && writeFileSync(go, '') },
    );
    expect(ran.stdout).toBe('äöü 漢字 😀\nend\n');
  });

  it('that fails says its exception with file and line', async () => {
    const { start, file } = machineWithPython();
    file('helper.py', 'def read(text):\n    return int(text)\n');
    const script_path = file('load.py', 'import helper\n\nhelper.read("x")\n');
    expect((await start({ script_path })).outcome).toMatchObject({
      status: 'failed',
      return_code: 1,
      error_message:
        "The script failed: ValueError: invalid literal for int() with base 10: 'x' (helper.py, line 2, in read: return int(text))",
    });
    expect((await start({ script_content: 'x = 1\nif x\n' })).outcome).toMatchObject({
      error_message: expect.stringMatching(/SyntaxError: .* \(script_content, line 2: if x\)$/),
    });
    expect((await start({ script_content: 'import sys; sys.exit("no disk")' })).outcome).toMatchObject({
      error_message: 'The script ended with exit code 1: no disk',
    });
    expect((await start({ script_content: 'raise SystemExit(3)', success_exit_codes: [3] })).outcome).toEqual(
      {
        status: 'success',
        return_code: 3,
      },
    );
  });

  it('runs as a module of the working directory', async () => {
    const { start, folder } = machineWithPython();
    mkdirSync(join(folder, 'work/tool'), { recursive: true });
    writeFileSync(join(folder, 'work/tool/__init__.py'), '');
    writeFileSync(join(folder, 'work/tool/report.py'), 'import sys; print(__name__, sys.argv[1:])');
    const ran = await start({
      module: 'tool.report',
      working_directory: 'work',
      arguments: ['--day', 'a b'],
    });
    expect(ran.stdout).toBe("__main__ ['--day', 'a b']\n");
    expect((await start({ module: 'tool.nope', working_directory: 'work' })).outcome).toMatchObject({
      error_message: expect.stringContaining('No module named tool.nope'),
    });
  });
});

describe.skipIf(!hasPython)('requirements', () => {
  const script_content = 'import greet, sys; print(greet.VERSION, sys.prefix)';

  it('are installed once for runs at the same time and for later ones, with what pip says in the log', async () => {
    const { start, folder, environments } = machineWithPython();
    wheel(join(folder, 'wheels'), 'greet', '1.0');
    const requirements = ['--no-index', '--find-links ./wheels', 'greet==1.0  # a comment'];
    const [one, two] = await Promise.all([
      start({ script_content, requirements }),
      start({ script_content, requirements }),
    ]);
    for (const ran of [one, two]) expect(ran.stdout).toMatch(/1\.0 .*environments\/[0-9a-f]{20}\n$/);
    const logs = [one, two].map((ran) => ran.all).join('');
    expect(logs.match(/making an environment/g)).toHaveLength(1);
    expect(logs.match(/Successfully installed greet-1\.0/g)).toHaveLength(1);
    expect(logs).toMatch(/another run is installing the same; waiting/);
    const third = await start({ script_content, requirements: [...requirements.slice(0, 2), 'greet==1.0'] });
    expect(third.stdout).toMatch(/^1\.0 /);
    expect(third.system).toMatch(/environment .* is used, made earlier/);
    expect(readdirSync(environments)).toHaveLength(1);
  });

  it('half made by a cancelled run or a crash are made again, and nothing of them is used', async () => {
    const { start, folder, file, environments } = machineWithPython();
    wheel(join(folder, 'wheels'), 'greet', '2.0');
    file('requirements.txt', '--no-index\n--find-links wheels\n-r more.txt\n');
    file('more.txt', 'greet==2.0\n');
    const config = { script_content, requirements: 'requirements.txt' };
    const abort = new AbortController();
    const cancelled = await start(config, {
      signal: abort.signal,
      onText: (text: string) => text.includes('making an environment') && abort.abort(),
    });
    expect(cancelled.outcome).toMatchObject({ status: 'failed', error_message: 'ended from outside' });
    expect(readdirSync(environments)).toEqual([]);
    expect((await start(config)).stdout).toMatch(/2\.0 /);
    const [name = ''] = readdirSync(environments);
    // A crash leaves the folder without its last file, and perhaps a lock that nobody holds any more.
    rmSync(join(environments, name, '.complete'));
    writeFileSync(join(environments, name, 'left'), '');
    writeFileSync(join(environments, `${name}.lock`), '');
    utimesSync(join(environments, `${name}.lock`), 1, 1);
    const again = await start(config);
    expect(again.stdout).toMatch(/2\.0 /);
    expect(readdirSync(environments)).toEqual([name]);
    expect(existsSync(join(environments, name, 'left'))).toBe(false);
  });

  it('that can not be had say which and why, and nothing half made stays', async () => {
    const { start, folder, environments } = machineWithPython();
    wheel(join(folder, 'wheels'), 'greet', '1.0');
    const failure = async (requirements: unknown) => {
      const { outcome } = await start({ script_content, requirements });
      return outcome.status === 'failed' ? outcome.error_message : 'a success';
    };
    expect(await failure(['--no-index', '--find-links ./wheels', 'greet==9'])).toBe(
      'The requirements could not be installed: there is no "greet==9"; the versions are 1.0',
    );
    expect(await failure('none.txt')).toBe(
      `The requirements file ${join(folder, 'none.txt')} does not exist`,
    );
    expect(readdirSync(environments)).toEqual([]);
  });
});

const cell = (source: string, tags: string[] = []) => ({
  cell_type: 'code',
  execution_count: null,
  metadata: { tags },
  outputs: [],
  source,
});
const text = (source: string) => ({ cell_type: 'markdown', metadata: {}, source });
const notebook = (...cells: unknown[]) =>
  JSON.stringify({
    cells,
    metadata: { kernelspec: { name: 'of-the-author', display_name: 'Mine', language: 'python' } },
    nbformat: 4,
    nbformat_minor: 4,
  });

describe.skipIf(!jupyter)('a notebook', () => {
  it('runs with its parameters, in its own folder, and leaves itself and an HTML page', async () => {
    const { start, file, folder } = machineWithPython();
    mkdirSync(join(folder, 'books'));
    writeFileSync(join(folder, 'books/data.txt'), 'of the folder');
    const source = notebook(
      text('# Report'),
      cell('day = "none"\nlimits = []', ['parameters']),
      cell('print(day, limits, open("data.txt").read())'),
      cell('6 * 7'),
    );
    const script_path = file('books/report.ipynb', source);
    const ran = await start({
      script_path,
      python: jupyter,
      parameters: { day: 'a"); import os # 漢字\n', limits: [1, 2.5, null, true, { a: 'b' }] },
    });
    expect(ran.outcome).toEqual({ status: 'success', return_code: 0 });
    expect(ran.stdout).toContain(`a"); import os # 漢字\n [1, 2.5, None, True, {'a': 'b'}] of the folder\n`);
    expect(ran.stdout).toMatch(/--- cell 4 of 4\n42\n$/);
    expect(readdirSync(ran.artifacts).sort()).toEqual(['report.html', 'report.ipynb']);
    const executed = JSON.parse(readFileSync(join(ran.artifacts, 'report.ipynb'), 'utf8'));
    expect(executed.cells[2].metadata.tags).toEqual(['injected-parameters']);
    expect(executed.cells[4].outputs[0].data['text/plain']).toEqual(['42']);
    expect(readFileSync(join(ran.artifacts, 'report.html'), 'utf8')).toMatch(/<h1[^>]*>Report/);
    expect(readFileSync(script_path, 'utf8')).toBe(source);
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('with an error in cell 3 names the cell and the error, and keeps what it came to', async () => {
    const { start, file } = machineWithPython();
    const script_path = file(
      'broken.ipynb',
      notebook(
        cell('a = 1'),
        cell('print("two")'),
        cell('def f(x):\n    return 1 / x\n\nf(0)'),
        cell('print("never")'),
      ),
    );
    const ran = await start({ script_path, python: jupyter });
    expect(ran.outcome).toMatchObject({
      status: 'failed',
      return_code: 1,
      error_message: 'broken.ipynb, cell 3 of 4 (In [3]): ZeroDivisionError: division by zero (line 4: f(0))',
    });
    expect(ran.stdout).toContain('two\n');
    expect(ran.stdout).not.toContain('never');
    expect(ran.stderr).toContain('ZeroDivisionError');
    expect(readdirSync(ran.artifacts).sort()).toEqual(['broken.html', 'broken.ipynb']);
    expect(readFileSync(join(ran.artifacts, 'broken.html'), 'utf8')).toContain('ZeroDivisionError');
  });

  it('that is none, and a Python without nbconvert, say so', async () => {
    const { start, file, folder } = machineWithPython();
    const script_path = file('text.ipynb', 'not JSON');
    expect((await start({ script_path, python: jupyter })).outcome).toMatchObject({
      error_message: expect.stringMatching(/^text\.ipynb is not a notebook: /),
    });
    venv(join(folder, 'bare'));
    file('fine.ipynb', notebook(cell('1')));
    expect((await start({ script_path: 'fine.ipynb', virtual_env: 'bare' })).outcome).toMatchObject({
      error_message: expect.stringMatching(
        /needs nbconvert .* and ipykernel, and .*bare\/bin\/python has no ipykernel/,
      ),
    });
    expect(existsSync(join(folder, 'tmp'))).toBe(true);
  });
});
