import type { TimelineJob } from '../../../src-shared/contract/statistics';
import type { ExecutionStatus } from '../../../src-shared/model/execution';
import { formatExecutionId } from '../../../src-shared/model/ids';
import type { Core } from '../core';
import type { Job } from '../jobs/job';
import type { HourMark, RunMark } from '../ports/statistics-store';
import { dayMs, hourMs } from './history-figures';

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

type Run = TimelineJob['runs'][number];

/** More runs of one job than this are drawn by the hour. */
const mostMarks = 800;
/** Planned runs closer together than this share of the stretch would be drawn as one. */
const slotShare = 1 / 240;

const iso = (instant: number) => new Date(instant).toISOString();
/** Which outcome a mark shows that stands for several: the worst. */
const severity: readonly ExecutionStatus[] = [
  'failed',
  'timeout',
  'interrupted',
  'missed',
  'running',
  'retry',
  'cancelled',
  'skipped',
  'pending',
  'success',
];

function single(mark: RunMark): Run {
  // What never ran stands at the time it was planned for.
  const isSlot = mark.status === 'missed' || mark.status === 'skipped';
  const at = isSlot ? (mark.scheduled_time ?? mark.start_time) : mark.start_time;
  return {
    execution_id: formatExecutionId(mark.execution_id),
    status: mark.status,
    start_time: iso(at),
    end_time: isSlot ? iso(at) : mark.end_time === null ? null : iso(mark.end_time),
    count: 1,
  };
}

/** One mark an hour: the hour's count, in the colour of its worst outcome, leading to the worst run's row. */
export function hourRuns(marks: readonly HourMark[]): Run[] {
  const hours = new Map<number, HourMark[]>();
  for (const mark of marks) hours.set(mark.hour, [...(hours.get(mark.hour) ?? []), mark]);
  return [...hours]
    .sort(([a], [b]) => a - b)
    .flatMap(([hour, all]) => {
      const [worst] = [...all].sort((a, b) => severity.indexOf(a.status) - severity.indexOf(b.status));
      if (!worst) return [];
      const count = all.reduce((sum, mark) => sum + mark.count, 0);
      return [
        {
          execution_id: formatExecutionId(worst.execution_id),
          status: worst.status,
          start_time: iso(hour),
          end_time: iso(hour + hourMs),
          count,
        },
      ];
    });
}

/**
 * The jobs of a stretch that matter most now: running, then in trouble, then those due first, then those that ran
 * last; and how many have anything in it. Where no job has, all of them count: an empty line says more than none.
 */
export function chooseJobs(
  core: Pick<Core, 'registry' | 'queue' | 'scheduler'>,
  { from, to }: Stretch,
  limit: number,
): { readonly jobs: readonly Job[]; readonly total: number } {
  const { registry, queue, scheduler } = core;
  const isWithin = ({ record: { job_id } }: Job): boolean => {
    const latest = registry.latest(job_id);
    const next = scheduler.nextRun(job_id);
    const hasRun = latest !== undefined && (latest.end_time ?? to) >= from;
    return queue.isBusy(job_id) || hasRun || (next !== undefined && next < to);
  };
  const rank = (job: Job): readonly [number, number] => {
    const { job_id } = job.record;
    const latest = registry.latest(job_id);
    if (queue.isBusy(job_id)) return [0, -(latest?.start_time ?? 0)];
    const isBad = latest && ['failed', 'timeout', 'interrupted', 'missed'].includes(latest.status);
    if (isBad && job.record.enabled) return [1, -latest.start_time];
    const next = scheduler.nextRun(job_id);
    if (next !== undefined) return [2, next];
    return latest ? [3, -latest.start_time] : [4, 0];
  };
  const within = registry.all().filter(isWithin);
  const all = within.length > 0 ? within : registry.all();
  const ranked = all.map((job) => ({ job, rank: rank(job) }));
  ranked.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
  // Trouble must not push everything else off the chart.
  const most = Math.ceil(limit / 2);
  const troubled = ranked.filter(({ rank: [group] }) => group === 1);
  const tooMuch = new Set(troubled.slice(most));
  const first = ranked.filter((each) => !tooMuch.has(each));
  return { jobs: [...first, ...tooMuch].slice(0, limit).map(({ job }) => job), total: all.length };
}

async function runsOf(core: Core, job_id: string, { from, to }: Stretch): Promise<Run[]> {
  const { statistics } = core.store;
  // Long runs that began before the stretch reach into it.
  const marks = await statistics.marks(job_id, { from: from - dayMs, to }, mostMarks);
  if (marks.length >= mostMarks) return hourRuns(await statistics.hourMarks([job_id], { from, to }));
  const runs = marks.map(single).reverse();
  return runs.filter((run) => run.end_time === null || Date.parse(run.end_time) >= from);
}

/** What ran and what will run of some jobs within a stretch. */
export function timeline(core: Core, jobs: readonly Job[], stretch: Stretch): Promise<TimelineJob[]> {
  return Promise.all(
    jobs.map(async ({ record: { job_id, name } }) => ({
      job_id,
      name,
      usual_seconds: (await core.jobFigures.of(job_id)).usual_seconds,
      runs: await runsOf(core, job_id, stretch),
      slots: core.scheduler.upcoming(job_id, stretch.to, (stretch.to - stretch.from) * slotShare).map(iso),
    })),
  );
}
