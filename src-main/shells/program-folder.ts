import { fileURLToPath } from 'node:url';

/** Where the built program lies; its worker stands beside it. */
export function programUrl(): string {
  const here = import.meta.url;
  return here.includes('/chunks/') ? new URL('../', here).href : here;
}

/** The folder with config/, jobs/ and out/: two levels above the built program. */
export function findProgramFolder(): string {
  return fileURLToPath(new URL('../../', programUrl()));
}
