import type { JobSummary } from '../../../src-shared/model/job';
import { api } from '../../lib/api';
import { plural } from '../../lib/time-text';
import { confirm } from '../../ui/confirm';
import { attempt, notify, type Toast } from '../../ui/toasts';
import { exportText } from './export-text';
import { showResults } from './results-dialog';

type Named = Pick<JobSummary, 'job_id' | 'name'>;
type Switched = Pick<JobSummary, 'job_id' | 'name' | 'enabled'>;
export type BulkAction = 'run' | 'enable' | 'disable' | 'delete';

const bulkLimit = 1000;
const manyNamed = 8;

/** "Orders sync", "Nightly load" and 3 more. */
function namesOf(jobs: readonly Named[]): string {
  const shown = jobs.slice(0, manyNamed).map((job) => `“${job.name}”`);
  const more = jobs.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** Saves jobs as one YAML file through the browser; all of them when none are named. */
export async function exportJobs(job_ids?: readonly string[]): Promise<void> {
  await attempt(async () => {
    const text = await exportText(job_ids);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }));
    link.download = job_ids?.length === 1 ? `${job_ids[0]}.yaml` : 'jobs.yaml';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}

async function bulk(action: BulkAction, job_ids: readonly string[]) {
  const results = [];
  for (let at = 0; at < job_ids.length; at += bulkLimit) {
    const part = await api.jobs.bulk({ body: { action, job_ids: job_ids.slice(at, at + bulkLimit) } });
    results.push(...part.results);
  }
  return results;
}

const words: Readonly<
  Record<BulkAction, { readonly verb: string; readonly done: string; readonly text: string }>
> = {
  run: { verb: 'Run', done: 'started', text: 'Each of them starts now, beside its schedule.' },
  enable: { verb: 'Enable', done: 'enabled', text: 'Their schedules begin to count again.' },
  disable: {
    verb: 'Disable',
    done: 'disabled',
    text: 'They no longer run by schedule. What runs goes on to its end.',
  },
  delete: {
    verb: 'Delete',
    done: 'deleted',
    text: 'Their definitions are removed; their history stays. You can take it back right after.',
  },
};

/** One question, then the action on all, then what came of each. True when it was done. */
export async function actOnJobs(action: BulkAction, jobs: readonly Switched[]): Promise<boolean> {
  const { verb, done, text } = words[action];
  const isOne = jobs.length === 1;
  const needsQuestion = action === 'delete' || !isOne;
  const yes =
    !needsQuestion ||
    (await confirm({
      title: `${verb} ${isOne ? `“${jobs[0]?.name}”` : plural(jobs.length, 'job')}?`,
      text: isOne ? text : `${namesOf(jobs)}. ${text}`,
      action: isOne ? verb : `${verb} ${plural(jobs.length, 'job')}`,
      isDangerous: action === 'delete',
    }));
  if (!yes) return false;
  const ids = jobs.map((job) => job.job_id);
  // What could be taken back must be known before it is gone.
  const before = action === 'delete' ? await attempt(() => exportText(ids)) : '';
  if (before === undefined) return false;
  const results = await attempt(() => bulk(action, ids));
  if (!results) return false;
  const failed = results.filter((result) => !result.success);
  if (failed.length > 0) {
    const nameOf = new Map(jobs.map((job) => [job.job_id, job.name]));
    showResults({
      title: `${verb}: ${results.length - failed.length} of ${results.length} ${done}`,
      rows: results.map(({ job_id, success, message }) => ({
        name: nameOf.get(job_id) ?? job_id,
        isGood: success,
        message,
      })),
    });
  }
  const good = results.filter((result) => result.success).map((result) => result.job_id);
  // What was on before stays on when switching on is taken back.
  const moved = new Set(jobs.filter((job) => job.enabled !== (action === 'enable')).map((job) => job.job_id));
  const undone = action === 'delete' ? good : good.filter((job_id) => moved.has(job_id));
  if (good.length > 0)
    notify({
      kind: 'success',
      text: isOne ? `“${jobs[0]?.name}” ${done}` : `${plural(good.length, 'job')} ${done}`,
      ...(undone.length === 0 ? {} : undoOf(action, undone, before)),
    });
  return true;
}

/** How an action is taken back, when it can be. */
function undoOf(action: BulkAction, job_ids: readonly string[], before: string): Pick<Toast, 'action'> {
  const undo = (run: () => Promise<unknown>): Pick<Toast, 'action'> => ({
    action: {
      text: 'Undo',
      run: () => void attempt(run, () => ({ kind: 'info' as const, text: 'Taken back' })),
    },
  });
  if (action === 'enable') return undo(() => bulk('disable', job_ids));
  if (action === 'disable') return undo(() => bulk('enable', job_ids));
  if (action === 'delete') return undo(() => api.jobs.import({ body: { yaml: before } }));
  return {};
}

/** Runs one job and offers to look at it. */
export async function runJob(job: Named, open: (execution_id: string) => void): Promise<void> {
  await attempt(
    () => api.jobs.run({ params: { job_id: job.job_id } }),
    ({ message, execution_id }) => ({
      kind: 'success',
      text: `${job.name}: ${message}`,
      action: { text: 'Open', run: () => open(execution_id) },
    }),
  );
}
