import { z } from 'zod';
import { ExecutionStatus, ExecutionSummary } from '../model/execution';
import { JobId } from '../model/ids';
import { operation } from './operation';
import { ok, queryInstant, queryInteger, queryList } from './query';

const counts = z.record(z.string(), z.number().int()).describe('runs by status');
const seconds = z.number().nullable();

/** One of a job's last runs, as much as a small chart draws. */
const RecentRun = z.object({
  execution_id: z.string(),
  status: ExecutionStatus,
  start_time: z.string(),
  duration_seconds: seconds,
});

export const JobStatistics = z.object({
  job_id: z.string(),
  recent: z.array(RecentRun).describe('the last runs that ended, oldest first'),
  usual_seconds: seconds.describe('median duration of its last successes'),
  p95_seconds: seconds.describe('95th percentile of the same'),
  success_rate: z.number().nullable().describe('successes among its last ended runs, 0-1'),
});
export type JobStatistics = z.infer<typeof JobStatistics>;

const RunningNow = z.object({
  execution_id: z.string(),
  job_id: z.string(),
  job_name: z.string(),
  status: z.enum(['pending', 'running']),
  attempt: z.number().int(),
  since: z.string(),
  usual_seconds: seconds,
  p95_seconds: seconds,
});

const Attention = z.object({
  job_id: z.string(),
  job_name: z.string(),
  execution_id: z.string(),
  status: ExecutionStatus,
  time: z.string(),
  attempt: z.number().int(),
  attempts: z.number().int().describe('how many the job allows'),
  reason: z.string().describe('the first line of its error'),
});

const UpNext = z.object({
  job_id: z.string(),
  job_name: z.string(),
  scheduled_time: z.string(),
  warning: z.string().optional().describe('what may go wrong with it, as far as can be seen now'),
});

export const Dashboard = z.object({
  generated_at: z.string(),
  jobs: z.object({
    total: z.number().int(),
    enabled: z.number().int(),
    disabled: z.number().int(),
    samples: z.number().int().describe('of all, those tagged `sample`: nobody depends on them'),
  }),
  queue: z.object({
    running: z.number().int(),
    pending: z.number().int(),
    waiting_retries: z.number().int(),
    free_slots: z.number().int(),
    thread_pool_size: z.number().int(),
  }),
  day: z.object({
    by_status: counts,
    success_rate: z.number().nullable().describe('of the ended runs of the last 24 hours, 0-1'),
    week_success_rate: z.number().nullable(),
    failed: z.number().int(),
    failed_jobs: z.number().int(),
    recovered: z.number().int().describe('successes that needed a retry'),
    missed: z.number().int(),
    missed_reason: z.string().nullable().describe('why the newest of them did not run'),
  }),
  hours: z.array(z.object({ hour: z.string(), by_status: counts })).describe('the last 7 days, by hour'),
  attention: z.object({ total: z.number().int(), items: z.array(Attention) }),
  running: z.array(RunningNow),
  next: z.object({ total: z.number().int().describe('jobs due within 24 hours'), items: z.array(UpNext) }),
  recent: z.array(ExecutionSummary),
  health: z.object({ status: z.enum(['healthy', 'degraded', 'unhealthy']), reasons: z.array(z.string()) }),
});
export type Dashboard = z.infer<typeof Dashboard>;

export const TimelineRun = z.object({
  execution_id: z.string().describe('the run, or the last of the runs that are drawn as one'),
  status: ExecutionStatus,
  start_time: z.string(),
  end_time: z.string().nullable(),
  count: z.number().int().describe('how many runs this stands for'),
});
export const TimelineJob = z.object({
  job_id: z.string(),
  name: z.string(),
  usual_seconds: seconds,
  runs: z.array(TimelineRun),
  slots: z.array(z.string()).describe('planned instants after now; close ones are told as one'),
});
export type TimelineJob = z.infer<typeof TimelineJob>;

export const statistics = {
  dashboard: operation({
    method: 'GET',
    path: '/api/dashboard',
    role: 'viewer',
    tag: 'Monitoring',
    summary: 'Whether anything is wrong, what runs, and what runs next: in one answer',
    response: Dashboard.extend({ success: ok }),
    errors: [],
  }),
  timeline: operation({
    method: 'GET',
    path: '/api/timeline',
    role: 'viewer',
    tag: 'Monitoring',
    summary: 'Runs and planned runs of a stretch by job; without `job_ids` those that matter most now',
    query: z.strictObject({
      from: queryInstant,
      to: queryInstant,
      job_ids: queryList(JobId).optional(),
      limit: queryInteger(1, 200).default(8).describe('how many jobs'),
    }),
    response: z.object({
      success: ok,
      from: z.string(),
      to: z.string(),
      now: z.string(),
      jobs: z.array(TimelineJob),
      total: z
        .number()
        .int()
        .describe('jobs that ran or will run within the stretch; all jobs when none does'),
    }),
    errors: ['validation_failed'],
  }),
  jobs: operation({
    method: 'GET',
    path: '/api/statistics/jobs',
    role: 'viewer',
    tag: 'Monitoring',
    summary: 'Last outcomes and usual durations of some jobs; unknown ids are left out',
    query: z.strictObject({ ids: queryList(JobId) }),
    response: z.object({ success: ok, statistics: z.array(JobStatistics) }),
    errors: ['validation_failed'],
  }),
};
