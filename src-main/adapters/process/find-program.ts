import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** How long an answer is good for: a search asks the disk once for every folder. */
const keptMs = 1000;
const kept = new Map<string, { readonly path: string; readonly until: number }>();

function search(file: string, searchPath: string): string | undefined {
  for (const folder of searchPath.split(':')) {
    if (!isAbsolute(folder)) return undefined;
    const path = join(folder, file);
    if (isProgram(path)) return path;
  }
  return undefined;
}

/**
 * The path that execvp(3) would start: a name with a slash as it is, any other the first of `searchPath` that may
 * be run. Undefined when none is found, or when the search would depend on the working directory. An answer may
 * be a second old.
 */
export function findProgram(file: string, searchPath = ''): string | undefined {
  if (file.includes('/')) return file;
  const key = `${file}\0${searchPath}`;
  const now = performance.now();
  const known = kept.get(key);
  if (known && known.until > now) return known.path;
  const path = search(file, searchPath);
  if (kept.size > 100) kept.clear();
  if (path !== undefined) kept.set(key, { path, until: now + keptMs });
  return path;
}
