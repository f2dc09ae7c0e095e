import { dirname } from 'node:path';
import type { Finding, FindingKind } from '../../src-shared/model/doctor';
import type { Host } from '../core/ports/host';
import { resolvePath } from './run-process';

type Variables = Readonly<Record<string, string | number | boolean>> | undefined;

/** What macros make of a text is only known when it runs. */
const isOpen = (text: string): boolean => text.includes('{{');

export interface Checks {
  script(key: string, path: string | undefined): Promise<readonly Finding[]>;
  folder(key: string, path: string | undefined): Promise<readonly Finding[]>;
  /** The folder in which a file is to be written; it may still have to be made. */
  writable(key: string, file: string | undefined): Promise<readonly Finding[]>;
  program(name: string, variables: Variables): Promise<readonly Finding[]>;
}

/** Findings about files, folders and programs that a job names. An absent key finds nothing. */
export function createChecks(host: Host): Checks {
  const bad = (kind: FindingKind, message: string, fix: string): readonly Finding[] => [
    { kind, severity: 'error', message, fix },
  ];
  return {
    async script(key, path) {
      if (path === undefined || isOpen(path)) return [];
      const file = resolvePath(host, path);
      if ((await host.kindOf(file)) !== 'file')
        return bad(
          'script',
          `${key}: ${file} does not exist, or can't be seen`,
          `put the file there, or correct ${key}`,
        );
      const problem = await host.accessProblem(file, 'read');
      if (problem === undefined) return [];
      return bad(
        'script',
        `${key}: ${file} can't be read: ${problem}`,
        'give the account of the scheduler the right to read it',
      );
    },
    async folder(key, path) {
      if (path === undefined || isOpen(path)) return [];
      const folder = resolvePath(host, path);
      if ((await host.kindOf(folder)) !== 'folder')
        return bad(
          'folder',
          `${key}: ${folder} does not exist, or is no folder`,
          `make the folder, or correct ${key}`,
        );
      const problem = await host.accessProblem(folder, 'enter');
      if (problem === undefined) return [];
      return bad(
        'folder',
        `${key}: ${folder} can't be entered: ${problem}`,
        'give the account of the scheduler the right to it',
      );
    },
    async writable(key, file) {
      if (file === undefined || isOpen(dirname(file))) return [];
      let folder = dirname(resolvePath(host, file));
      // Folders that are missing are made by the run: the nearest one that is there has to allow it.
      while ((await host.kindOf(folder)) === 'none' && dirname(folder) !== folder) folder = dirname(folder);
      if ((await host.kindOf(folder)) !== 'folder')
        return bad('output', `${key}: ${folder} is no folder`, `correct ${key}`);
      const problem = await host.accessProblem(folder, 'write');
      if (problem === undefined) return [];
      return bad(
        'output',
        `${key}: nothing can be written in ${folder}: ${problem}`,
        'give the account of the scheduler the right to write there',
      );
    },
    async program(name, variables) {
      const path = variables?.PATH ?? variables?.Path;
      const openPath = path !== undefined && isOpen(String(path));
      if (isOpen(name) || openPath) return [];
      if (await host.findProgram(name, path === undefined ? undefined : String(path))) return [];
      const isPath = /[\\/]/.test(name);
      return bad(
        'program',
        isPath
          ? `The program ${name} does not exist, or may not be run`
          : `The program "${name}" was not found on PATH`,
        isPath
          ? 'install it, or correct its path'
          : 'install it, name it with its whole path, or add its folder to PATH',
      );
    },
  };
}
