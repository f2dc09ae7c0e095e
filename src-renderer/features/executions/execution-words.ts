import type { Execution, ExecutionSummary } from '../../../src-shared/model/execution';
import type { ExecutionContext, RunChange } from '../../../src-shared/model/execution-context';
import { formatAbsolute, formatDuration, formatRoughDuration, withLocalTimes } from '../../lib/time-text';

const triggers: Readonly<Record<ExecutionSummary['trigger'], string>> = {
  schedule: 'schedule',
  manual: 'by hand',
  retry: 'retry',
  chain: 'another job',
  catch_up: 'catch-up',
};

export function triggerWords(trigger: string): string {
  return triggers[trigger as ExecutionSummary['trigger']] ?? trigger;
}

/** What the return code means: said by the program, else what is common knowledge. */
export function codeMeaning({ return_code, metadata }: Execution): string {
  if (typeof metadata.return_code_meaning === 'string') return metadata.return_code_meaning;
  return (return_code !== null && common[return_code]) || '';
}

const common: Readonly<Record<number, string>> = {
  126: 'found, but may not be run',
  127: 'program not found',
  130: 'ended by Ctrl+C',
  137: 'killed, often for want of memory',
  139: 'crashed: memory it may not touch',
  143: 'asked to end',
  9009: 'Windows did not find the program',
  [-1073741819]: 'crashed: access violation',
  3221225477: 'crashed: access violation',
  3221225786: 'ended by Ctrl+C',
};

/** `0.4 s late`; nothing for a run by hand, and for one that was on time. */
export function latenessWords({ scheduled_time, start_time, status }: ExecutionSummary): string {
  if (scheduled_time === null || status === 'pending' || status === 'missed') return '';
  const late = (Date.parse(start_time) - Date.parse(scheduled_time)) / 1000;
  if (late < 0.05) return 'on time';
  return `${formatDuration(late)} late`;
}

const isFailure = (status: string) => ['failed', 'timeout', 'interrupted', 'retry'].includes(status);

export interface Verdict {
  readonly tone: 'success' | 'failed' | 'running' | 'retry' | 'missed' | 'idle';
  readonly title: string;
  readonly note: string;
}

/** The page's first answer: why it ended so, or how it stands. */
export function verdictOf(execution: Execution, context: ExecutionContext | undefined, now: number): Verdict {
  const { status, error_message, return_code, duration_seconds } = execution;
  const usual = context?.usual_seconds ?? null;
  const usually = usual === null ? '' : `, usually ${formatRoughDuration(usual)}`;
  const code =
    return_code === null || return_code === 0 || error_message?.includes(`exit code ${return_code}`)
      ? ''
      : `exit code ${return_code}`;
  // Said once is enough.
  const meaning = error_message?.includes(codeMeaning(execution)) ? '' : codeMeaning(execution);
  const parts = [[code, meaning].filter(Boolean).join(': ')];
  const attempts = context?.attempts.length ?? 1;
  const fallback: Readonly<Record<string, string>> = {
    failed: 'It failed without a message',
    timeout: 'It took longer than it may',
    interrupted: 'The program ended while this ran',
    cancelled: 'Cancelled',
    skipped: 'Skipped',
    missed: 'Missed: its time passed without a run',
  };
  if (isFailure(status)) {
    if (status === 'failed' && attempts > 1)
      parts.push(attempts === 2 ? 'both attempts' : `all ${attempts} attempts`);
    if (status === 'retry') parts.push('another attempt follows');
    return {
      tone: status === 'retry' ? 'retry' : 'failed',
      title: error_message ?? fallback[status] ?? status,
      note: parts.filter(Boolean).join(' · '),
    };
  }
  if (status === 'success')
    return {
      tone: 'success',
      title: `Succeeded in ${formatDuration(duration_seconds)}${usually}`,
      note: parts.filter(Boolean).join(' · '),
    };
  if (status === 'running') {
    const seconds = Math.max(0, (now - Date.parse(execution.start_time)) / 1000);
    return {
      tone: 'running',
      title: `Running for ${formatRoughDuration(Math.floor(seconds))}${usually}`,
      note: '',
    };
  }
  if (status === 'pending')
    return { tone: 'running', title: 'Waiting to begin', note: waitingWords(execution, now) };
  return {
    tone: status === 'missed' ? 'missed' : 'idle',
    // No run wrote this: it is the program's own sentence.
    title: (error_message && withLocalTimes(error_message, now)) ?? fallback[status] ?? status,
    note: '',
  };
}

function waitingWords({ metadata }: Execution, now: number): string {
  const at = metadata.retry_at ?? metadata.start_at;
  if (typeof at === 'string' && !Number.isNaN(Date.parse(at)))
    return `begins at ${formatAbsolute(Date.parse(at), now)}`;
  return 'for a free place in the pool';
}

export function changeWords(
  { kind, id, action, by, time }: RunChange,
  now: number,
): { what: string; rest: string } {
  const what = kind === 'job' ? `the job was ${action}` : `connection “${id}” was ${action}`;
  return { what, rest: ` ${by === '' ? '' : `by ${by} `}at ${formatAbsolute(Date.parse(time), now)}` };
}

/** What is not to be found in `changes`, in a sentence. */
export function sameWords(context: ExecutionContext): string {
  const has = (kind: RunChange['kind']) => context.changes.some((change) => change.kind === kind);
  if (context.definition_changed === true && !has('job')) return 'Another definition ran than at that time.';
  if (context.definition_changed === false)
    return has('connection')
      ? 'The job is the same.'
      : 'The job and its definition are the same: look at what it works with.';
  return context.changes.length === 0 ? 'No change of the job is known.' : '';
}

/** A command for a terminal that does the same; one line that cmd, PowerShell's curl.exe and sh read alike. */
export function curlText(origin: string, job_id: string, params: unknown): string {
  const hasParams = typeof params === 'object' && params !== null && Object.keys(params).length > 0;
  const body = JSON.stringify(hasParams ? { params } : {})
    // Characters that one of the shells would take for its own are written as JSON can write them.
    .replace(/[$`%!'&|<>^\\](?!")/g, (one) =>
      one === '\\' ? one : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  const quoted = body.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  const url = `${origin}/api/jobs/${encodeURIComponent(job_id)}/run`;
  const data = hasParams ? ` -H "Content-Type: application/json" -d "${quoted}"` : '';
  return `curl -X POST "${url}" -H "X-API-Key: YOUR_KEY"${data}`;
}
