import { applyDocumentTheme, readThemeChoice, resolveTheme } from '../lib/theme';
import './login.css';

applyDocumentTheme(resolveTheme(readThemeChoice()));

type Way = 'password' | 'key' | 'change';

const rememberedAs = 'job-scheduler.login-way';
const byId = (id: string) => document.getElementById(id) as HTMLInputElement;
const form = document.getElementById('login') as HTMLFormElement;
const button = form.querySelector('button') as HTMLButtonElement;
const ways = form.querySelector('.ways') as HTMLElement;
const problem = document.getElementById('problem') as HTMLElement;
const fields: Readonly<Record<Way, readonly HTMLInputElement[]>> = {
  password: [byId('username'), byId('password')],
  key: [byId('key')],
  change: [byId('current'), byId('fresh'), byId('again')],
};
let way: Way = 'password';

/** Says what is wrong, and where. */
function show(text: string, at = fields[way].at(-1)): void {
  problem.textContent = text;
  problem.hidden = text === '';
  for (const field of fields[way]) field.setAttribute('aria-invalid', String(text !== '' && field === at));
  if (text !== '') at?.select();
}

function choose(next: Way): void {
  way = next;
  for (const part of form.querySelectorAll<HTMLElement>('[data-way]'))
    part.hidden = part.dataset.way !== next;
  ways.hidden = next === 'change';
  for (const radio of form.querySelectorAll<HTMLInputElement>('[name="way"]'))
    radio.checked = radio.value === next;
  button.textContent = next === 'change' ? 'Change password and log in' : 'Log in';
  show('');
  (fields[next].find((field) => field.value === '') ?? fields[next][0])?.focus();
}

function remembered(): Way {
  try {
    return localStorage.getItem(rememberedAs) === 'key' ? 'key' : 'password';
  } catch {
    return 'password';
  }
}

function remember(): void {
  try {
    localStorage.setItem(rememberedAs, way);
  } catch {
    // Only a convenience.
  }
}

/** Back to the page that was asked for; only ever one of our own. */
function destination(): string {
  const { pathname, search, hash } = location;
  return pathname === '/login' ? '/' : pathname + search + hash;
}

async function send(method: 'POST' | 'PUT', path: string, body: unknown) {
  const reply = await fetch(path, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await reply.json()) as { must_change?: boolean; error?: { message?: string } };
  if (reply.ok) return answer;
  show(answer.error?.message ?? `The program answered ${reply.status}`);
  return undefined;
}

async function logIn(): Promise<void> {
  const [username, password] = fields.password.map((field) => field.value);
  // Who puts a key where the password goes means the key.
  const key = way === 'key' ? byId('key').value.trim() : /^jsk_/.test(password ?? '') ? password : undefined;
  if (key === undefined && username?.trim() === '') return show('Enter your user name', byId('username'));
  if (key === undefined && password === '') return show('Enter your password');
  if (key === '') return show('Enter a key');
  const answer = await send(
    'POST',
    '/api/login',
    key === undefined ? { username: username?.trim(), password } : { key },
  );
  if (!answer) return;
  remember();
  if (!answer.must_change) return location.replace(destination());
  byId('current').value = password ?? '';
  choose('change');
}

async function changePassword(): Promise<void> {
  const [current, fresh, again] = fields.change.map((field) => field.value);
  if (current === '') return show('Enter the password you were given', byId('current'));
  if (fresh === '') return show('Enter a new password', byId('fresh'));
  if (fresh !== again) return show('The two new passwords differ');
  const body = { current_password: current, new_password: fresh };
  if (await send('PUT', '/api/session/password', body)) location.replace(destination());
}

ways.addEventListener('change', (event) => choose((event.target as HTMLInputElement).value as Way));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  show('');
  button.disabled = true;
  (way === 'change' ? changePassword() : logIn())
    .catch(() => show('The program does not answer. Is it still running?'))
    .finally(() => {
      button.disabled = false;
    });
});

choose(remembered());
if (new URLSearchParams(location.search).has('token')) {
  history.replaceState(null, '', '/login');
  choose('key');
  show(
    'This link was used already, or is older than 15 minutes. Enter a key, or restart the program for a fresh link.',
  );
}
// Somebody who has logged in and has yet to choose a password is shown this in place of every page.
const [shown] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
if (location.pathname !== '/login' && shown?.responseStatus !== 401) choose('change');
