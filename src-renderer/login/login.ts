import { applyDocumentTheme, readThemeChoice, resolveTheme } from '../lib/theme';
import './login.css';

applyDocumentTheme(resolveTheme(readThemeChoice()));

const form = document.getElementById('login') as HTMLFormElement;
const field = document.getElementById('key') as HTMLInputElement;
const button = form.querySelector('button') as HTMLButtonElement;
const problem = document.getElementById('problem') as HTMLElement;

field.focus();

function show(text: string): void {
  problem.textContent = text;
  problem.hidden = text === '';
  field.setAttribute('aria-invalid', String(text !== ''));
}

if (new URLSearchParams(location.search).has('token')) {
  history.replaceState(null, '', '/login');
  show(
    'This link was used already, or is older than 15 minutes. Enter a key, or restart the program for a fresh link.',
  );
}

/** Back to the page that was asked for; only ever one of our own. */
function destination(): string {
  const { pathname, search, hash } = location;
  return pathname === '/login' ? '/' : pathname + search + hash;
}

async function logIn(key: string): Promise<void> {
  const reply = await fetch('/api/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  if (reply.ok) {
    location.replace(destination());
    return;
  }
  const body = (await reply.json()) as { error?: { message?: string } };
  show(body.error?.message ?? `The program answered ${reply.status}`);
  field.select();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  show('');
  button.disabled = true;
  logIn(field.value.trim())
    .catch(() => show('The program does not answer. Is it still running?'))
    .finally(() => {
      button.disabled = false;
    });
});
