import { AppError } from '../../../src-shared/errors';
import type { DoctorReport, Finding } from '../../../src-shared/model/doctor';
import type { CheckContext, JobType } from '../job-type';
import type { Job } from '../jobs/job';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { SystemProbe } from '../ports/system-probe';
import type { CancelTimer, Timer } from '../ports/timer';
import { type SecretService, secretsOf } from '../secrets/secret-service';

/** Says before the fact which jobs can't work: while there is time to mend it. */
export interface Doctor {
  /** Looks at every enabled job now; whoever asks meanwhile gets the same answer. */
  check(): Promise<DoctorReport>;
  /** What the last check found; undefined before the first. */
  readonly last: DoctorReport | undefined;
  /** Checks once a day, in the afternoon, writes what it finds to the log, and tells those who want to hear of failures. */
  start(): void;
  stop(): void;
}

const dayMs = 86_400_000;
const longestCheckMs = 60_000;
const atOnce = 4;
const leastDiskBytes = 200 * 1024 * 1024;
/** In this machine's time: early enough to be mended before the night. */
const dailyHour = 16;

interface DoctorDeps {
  readonly registry: JobRegistry;
  readonly jobTypes: ReadonlyMap<string, JobType>;
  readonly secrets: Pick<SecretService, 'open'>;
  readonly probe: SystemProbe;
  /** Findings that concern no job: keys and certificates that expire. */
  readonly others?: () => Promise<readonly Finding[]>;
  /** Is told what the daily check found. */
  readonly onDaily?: (report: DoctorReport) => void;
  readonly nextRun: (job_id: string) => number | undefined;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

function secretFindings(job: Job, secrets: DoctorDeps['secrets']): readonly Finding[] {
  return [...secretsOf(job.definition)].flatMap((name): Finding[] => {
    try {
      secrets.open(name);
      return [];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return [
        { kind: 'secret', severity: 'error', message: error.message, fix: `save the secret ${name} anew` },
      ];
    }
  });
}

async function machineFindings(probe: SystemProbe): Promise<Finding[]> {
  const room = await probe.disk();
  if (!room || room.free >= leastDiskBytes) return [];
  return [
    {
      kind: 'disk',
      severity: 'error',
      message: `The disk of the data folder has ${Math.floor(room.free / 1024 / 1024)} MB left; expected 200 MB`,
      fix: 'free some room; runs and their output are stored there',
    },
  ];
}

/** The report in one sentence. */
export function doctorText(facts: {
  readonly checked: number;
  readonly failing: number;
  readonly soon: number;
}): string {
  const jobs = (count: number) => `${count} ${count === 1 ? 'job' : 'jobs'}`;
  const { checked, failing, soon } = facts;
  if (failing === 0) return checked === 0 ? 'No job is enabled' : `All ${jobs(checked)} can run`;
  if (soon === failing) return `${jobs(soon)} will fail within 24 hours`;
  return `${jobs(failing)} can't run as things stand; ${soon === 0 ? 'none' : soon} of them planned within 24 hours`;
}

export function createDoctor(deps: DoctorDeps): Doctor {
  const { registry, clock, timer, logger } = deps;
  let last: DoctorReport | undefined;
  let running: Promise<DoctorReport> | undefined;
  let cancelNext: CancelTimer | undefined;

  const findingsOf = async (job: Job, context: CheckContext): Promise<readonly Finding[]> => {
    if (job.disabledReason !== undefined)
      return [
        {
          kind: 'job',
          severity: 'error',
          message: `This machine can't run it: ${job.disabledReason}`,
          fix: 'correct the job, or disable it here',
        },
      ];
    const found = [...secretFindings(job, deps.secrets)];
    const type = deps.jobTypes.get(job.definition.job_type);
    try {
      // The type's own schema has read it already when the job was taken in.
      const config = type?.configSchema.safeParse(job.definition.config);
      if (config?.success) found.push(...((await type?.check?.(config.data, context)) ?? []));
    } catch (error) {
      logger.error('a check of a job failed', { job_id: job.record.job_id, error: String(error) });
      const message = 'It could not be checked whole; the log says why';
      found.push({ kind: 'job', severity: 'warning', message, fix: 'look into the log' });
    }
    return found;
  };

  const look = async (): Promise<DoctorReport> => {
    const began = clock.monotonic();
    const abort = new AbortController();
    const cancel = timer.after(longestCheckMs, () => abort.abort());
    const known = new Map<string, Promise<unknown>>();
    const context: CheckContext = {
      signal: abort.signal,
      now: clock.now(),
      once<T>(key: string, work: () => Promise<T>): Promise<T> {
        const earlier = known.get(key) as Promise<T> | undefined;
        const answer = earlier ?? work();
        known.set(key, answer);
        return answer;
      },
    };
    try {
      const jobs = registry.all().filter((job) => job.record.enabled);
      const rows: {
        readonly job: Job;
        readonly next: number | undefined;
        readonly findings: readonly Finding[];
      }[] = [];
      const waiting = jobs.values();
      const work = async () => {
        for (const job of waiting) {
          const findings = await findingsOf(job, context);
          if (findings.length > 0) rows.push({ job, next: deps.nextRun(job.record.job_id), findings });
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      rows.sort(
        (one, other) =>
          (one.next ?? Number.POSITIVE_INFINITY) - (other.next ?? Number.POSITIVE_INFINITY) ||
          (one.job.record.job_id < other.job.record.job_id ? -1 : 1),
      );
      const failing = rows.filter((row) => row.findings.some((one) => one.severity === 'error'));
      const soon = failing.filter(({ next }) => next !== undefined && next < clock.now() + dayMs).length;
      last = {
        checked_at: new Date(clock.now()).toISOString(),
        duration_seconds: Math.round(clock.monotonic() - began) / 1000,
        text: doctorText({ checked: jobs.length, failing: failing.length, soon }),
        checked: jobs.length,
        failing: failing.length,
        failing_soon: soon,
        machine: [...(await machineFindings(deps.probe)), ...((await deps.others?.()) ?? [])],
        jobs: rows.map(({ job, next, findings }) => ({
          job_id: job.record.job_id,
          name: job.definition.name,
          job_type: job.definition.job_type,
          next_run_time: next === undefined ? null : new Date(next).toISOString(),
          findings: [...findings],
        })),
      };
      return last;
    } finally {
      cancel();
    }
  };

  const doctor: Doctor = {
    get last() {
      return last;
    },
    check() {
      running ??= look().finally(() => {
        running = undefined;
      });
      return running;
    },
    start() {
      cancelNext?.();
      const next = new Date(clock.now());
      next.setHours(dailyHour, 0, 0, 0);
      if (next.getTime() <= clock.now()) next.setDate(next.getDate() + 1);
      cancelNext = timer.at(next.getTime(), () => {
        doctor.start();
        void doctor.check().then(
          (report) => {
            const { text, jobs, machine } = report;
            deps.onDaily?.(report);
            logger.info(`daily check: ${text}`);
            for (const { message, fix } of machine) logger.warning(`daily check: ${message}; ${fix}`);
            for (const { job_id, findings } of jobs)
              for (const { message, fix } of findings)
                logger.warning(`daily check: job "${job_id}": ${message}; ${fix}`);
          },
          (error: unknown) => logger.error('the daily check failed', { error: String(error) }),
        );
      });
    },
    stop() {
      cancelNext?.();
      cancelNext = undefined;
    },
  };
  return doctor;
}
