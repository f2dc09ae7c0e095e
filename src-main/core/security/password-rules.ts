import { AppError } from '../../../src-shared/errors';

export const shortestPassword = 12;
export const longestPassword = 200;

/** What guessers try first, as far as it is long enough; with digits and signs taken off its ends. */
const common = new Set([
  'password',
  'passwort',
  'administrator',
  'jobscheduler',
  'welcome',
  'letmein',
  'changeme',
]);

/**
 * Refuses passwords that are guessed at once: too short, one sign or a row of the keyboard repeated, the name itself, a
 * common one. Says nothing about kinds of signs, which make passwords worse (NIST SP 800-63B). Throws
 * `validation_failed`; the message never holds the password.
 */
export function checkPassword(password: string, login_name: string): void {
  const refuse = (why: string): never => {
    throw new AppError('validation_failed', `The password ${why}`, {
      issues: [{ path: 'password', message: `The password ${why}`, severity: 'error' }],
    });
  };
  const length = [...password].length;
  if (length < shortestPassword)
    refuse(`has ${length} characters; expected at least ${shortestPassword}: a few words make a good one`);
  if (length > longestPassword) refuse(`is longer than ${longestPassword} characters`);
  const plain = password.toLowerCase();
  if (new Set(plain).size < 4) refuse('is made of too few different characters');
  if (login_name.length > 2 && plain.replaceAll(login_name, '').length < shortestPassword / 2)
    refuse('is little more than the user name');
  const core = plain.replace(/[^a-z]+/g, '');
  if (common.has(core) || isRow(plain)) refuse('is one of the first that are guessed');
}

const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '12345678901234567890',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
];

function isRow(text: string): boolean {
  return rows.some((row) => row.includes(text) || `${row}${row}`.includes(text));
}
