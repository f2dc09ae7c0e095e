/** What a program's exit codes mean, and which of them are success. */
export interface ExitCodePreset {
  readonly success: readonly number[];
  meaning(code: number): string | undefined;
}

const table = (words: Readonly<Record<number, string>>) => (code: number) => words[code];

/** Bits that robocopy adds up. Source: Microsoft, "Exit codes robocopy returns". */
const robocopyBits: readonly (readonly [number, string])[] = [
  [1, 'files were copied'],
  [2, 'extra files or folders stand in the destination'],
  [4, 'some files or folders did not match'],
  [8, 'some files or folders could not be copied'],
  [16, 'a serious error: nothing was copied'],
];

function robocopyMeaning(code: number): string | undefined {
  if (code === 0) return 'nothing to copy: source and destination are the same';
  if (code < 0 || code > 31) return undefined;
  return robocopyBits
    .filter(([bit]) => (code & bit) !== 0)
    .map(([, words]) => words)
    .join('; ');
}

export const exitCodePresets: Readonly<Record<string, ExitCodePreset>> = {
  /** Below 8 nothing failed. */
  robocopy: { success: [0, 1, 2, 3, 4, 5, 6, 7], meaning: robocopyMeaning },
  /** Source: Microsoft, "MsiExec.exe and InstMsi.exe error messages". */
  msiexec: {
    success: [0, 1641, 3010],
    meaning: table({
      0: 'done',
      1602: 'the user cancelled the installation',
      1603: 'a fatal error during the installation',
      1605: 'the product is not installed',
      1612: 'the installation source is not there',
      1618: 'another installation is under way',
      1619: 'the package could not be opened',
      1620: 'the package is not a valid installer package',
      1625: 'the installation is forbidden by system policy',
      1633: 'the package does not fit this platform',
      1638: 'another version of the product is installed',
      1641: 'done, and a restart has begun',
      3010: 'done, a restart is needed',
    }),
  },
  /** Source: Microsoft, "xcopy", exit codes. */
  xcopy: {
    success: [0],
    meaning: table({
      0: 'files were copied without error',
      1: 'no files were found to copy',
      2: 'ended by Ctrl+C',
      4: 'not enough memory or disk space, or a wrong drive or command line',
      5: 'a disk write error',
    }),
  },
  /** Source: Microsoft, "sqlcmd utility", -b and -V. */
  sqlcmd: {
    success: [0],
    meaning: (code) =>
      code === 0
        ? 'done'
        : code === 1
          ? 'an SQL error, or no connection'
          : `an SQL error of severity ${code}`,
  },
  /** Source: Microsoft, "dtexec utility", exit codes. */
  dtexec: {
    success: [0],
    meaning: table({
      0: 'the package ran successfully',
      1: 'the package failed',
      3: 'the package was cancelled by the user',
      4: 'the package could not be found',
      5: 'the package could not be loaded',
      6: 'the command line has a syntax or semantic error',
    }),
  },
};

/** Codes that systems and shells give, whatever the program. */
const everywhere: Readonly<Record<number, string>> = {
  126: 'the shell found the program but may not run it',
  127: 'the shell did not find the program',
  130: 'ended by Ctrl+C (SIGINT)',
  134: 'aborted (SIGABRT)',
  137: 'killed (SIGKILL), often for want of memory',
  139: 'a memory access error (SIGSEGV)',
  143: 'asked to end (SIGTERM)',
  9009: 'cmd.exe did not find the program',
  3221225477: 'a memory access error (0xC0000005)',
  3221225781: 'a DLL was not found (0xC0000135)',
  3221225786: 'ended by Ctrl+C or its console was closed (0xC000013A)',
  3221225794: 'the program could not start: no desktop or too many processes (0xC0000142)',
  3221226505: 'the program broke off by itself (0xC0000409)',
};

/** A code in words; undefined when nothing is known of it. `preset` is robocopy, msiexec, ... or any other name. */
export function exitCodeMeaning(code: number, preset: string | undefined): string | undefined {
  const known =
    preset !== undefined && Object.hasOwn(exitCodePresets, preset) ? exitCodePresets[preset] : undefined;
  // Windows reports its own codes as unsigned, some programs hand them on signed.
  return known?.meaning(code) ?? everywhere[code < 0 ? code + 2 ** 32 : code];
}
