const problem = document.getElementById('problem');

function show(text) {
  problem.textContent = text;
  problem.hidden = false;
}

if (new URLSearchParams(location.search).has('token')) {
  history.replaceState(null, '', '/login');
  show(
    'This link was used already, or is older than 15 minutes. Use a key, or start the program anew for a fresh link.',
  );
}

document.getElementById('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const key = document.getElementById('key').value.trim();
  try {
    const response = await fetch('/api/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ key }),
    });
    if (response.ok) location.assign('/');
    else show((await response.json()).error.message);
  } catch {
    show('The program does not answer. Is it still running?');
  }
});
