const glyphs = {
  success: '✓',
  failed: '✕',
  timeout: '⏱',
  running: '●',
  retry: '↻',
  missed: '◇',
  skipped: '–',
  cancelled: '○',
  interrupted: '⚡',
  pending: '…',
};
const byId = (id) => document.getElementById(id);
const time = new Intl.DateTimeFormat(undefined, { dateStyle: 'short', timeStyle: 'medium' });

/** An element with text in it: whatever a job is called or prints stays text. */
function cell(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function status(name) {
  const element = document.createElement('td');
  element.append(cell('span', `${glyphs[name] ?? ''} ${name}`, `status ${name}`));
  return element;
}

function problem(text) {
  byId('problem').textContent = text;
  byId('problem').hidden = text === '';
}

async function call(path, method = 'GET') {
  const response = await fetch(path, { method });
  if (response.status === 401) location.assign('/login');
  const body = await response.json();
  if (!response.ok) throw new Error(body.error?.message ?? response.statusText);
  return body;
}

const shown = (instant) => (instant ? time.format(new Date(instant)) : '');

function jobRow(job) {
  const row = document.createElement('tr');
  const name = cell('td', job.name);
  name.append(cell('small', job.disabled_reason ?? (job.enabled ? job.job_id : `${job.job_id}, disabled`)));
  row.append(name, cell('td', job.job_type));
  row.append(job.last_execution ? status(job.last_execution.status) : cell('td', 'never'));
  row.append(cell('td', shown(job.next_run_time)));
  const button = cell('button', 'Run');
  button.type = 'button';
  button.setAttribute('aria-label', `Run ${job.name}`);
  button.disabled = Boolean(job.disabled_reason) || !job.enabled;
  button.addEventListener('click', () =>
    act(() => call(`/api/jobs/${encodeURIComponent(job.job_id)}/run`, 'POST')),
  );
  const action = document.createElement('td');
  action.append(button);
  row.append(action);
  return row;
}

function executionRow(execution) {
  const row = document.createElement('tr');
  row.append(cell('td', execution.execution_id), cell('td', execution.job_name), status(execution.status));
  row.append(cell('td', shown(execution.start_time)));
  row.append(
    cell('td', execution.duration_seconds === null ? '' : execution.duration_seconds.toFixed(2), 'number'),
  );
  row.append(cell('td', execution.error_message ?? '', 'message'));
  return row;
}

async function act(work) {
  try {
    await work();
    problem('');
  } catch (error) {
    problem(error.message);
  }
}

async function load() {
  const [jobs, executions, scheduler] = await Promise.all([
    call('/api/jobs?limit=200'),
    call('/api/executions?limit=50'),
    call('/api/scheduler/status'),
  ]);
  const more = jobs.total > jobs.jobs.length ? `, the first ${jobs.jobs.length} shown` : '';
  byId('state').textContent =
    `Scheduler ${scheduler.status}, ${jobs.total} jobs${more}, ${scheduler.running_executions} running`;
  byId('jobs').replaceChildren(...jobs.jobs.map(jobRow));
  byId('executions').replaceChildren(...executions.executions.map(executionRow));
}

let isWaiting = false;
function loadSoon() {
  if (isWaiting) return;
  isWaiting = true;
  setTimeout(() => {
    isWaiting = false;
    void act(load);
  }, 500);
}

byId('logout').addEventListener('click', () =>
  act(async () => {
    await call('/api/logout', 'POST');
    location.assign('/login');
  }),
);

await act(load);
const events = new EventSource('/api/events');
for (const type of [
  'execution.created',
  'execution.started',
  'execution.finished',
  'job.created',
  'job.updated',
  'job.deleted',
  'scheduler.state',
  'reload',
]) {
  events.addEventListener(type, loadSoon);
}
events.addEventListener('error', () => problem('The connection to the program is lost; trying again…'));
events.addEventListener('open', () => act(load));
