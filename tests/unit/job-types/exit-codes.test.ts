import { describe, expect, it } from 'vitest';
import { exitCodeMeaning } from '../../../src-main/job-types/exit-codes';
import { isSuccess } from '../../../src-main/job-types/shared-keys';

describe('exit codes', () => {
  it.each([
    ['robocopy', 0, true, /nothing to copy/],
    ['robocopy', 3, true, /files were copied; extra files/],
    ['robocopy', 7, true, /did not match/],
    ['robocopy', 8, false, /could not be copied/],
    ['robocopy', 16, false, /serious error/],
    ['msiexec', 3010, true, /restart is needed/],
    ['msiexec', 1603, false, /fatal error/],
    ['xcopy', 1, false, /no files were found/],
    ['sqlcmd', 1, false, /SQL error, or no connection/],
    ['sqlcmd', 16, false, /severity 16/],
    ['dtexec', 4, false, /could not be found/],
    ['other', 137, false, /SIGKILL/],
    ['other', 9009, false, /cmd\.exe did not find/],
    ['other', -1073741819, false, /memory access error/],
    ['other', 0xc000013a, false, /Ctrl\+C/],
  ])('%s %d: success %s, %s', (program, code, success, words) => {
    expect(isSuccess(code, program === 'other' ? undefined : program)).toBe(success);
    expect(exitCodeMeaning(code, program)).toMatch(words);
  });

  it('say nothing where nothing is known', () => {
    expect(exitCodeMeaning(42, 'toString')).toBeUndefined();
    expect(exitCodeMeaning(1, undefined)).toBeUndefined();
  });
});
