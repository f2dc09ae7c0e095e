import type { JobDefaults } from './jobs/job';
import type { RetentionRules } from './run/retention';

/** What the core is told at start; the rest it learns from the store. */
export interface CoreSettings {
  /** Names this process in rows it owns; unique per start. */
  readonly instance: string;
  /** What `runs_on` of a job may name here; absent: it is not looked at. */
  readonly machine?: { readonly node: string; readonly tags: readonly string[] };
  /** Executions that may run at the same time. */
  readonly threadPoolSize: number;
  /** Manual runs that may wait for a free slot before further ones are refused (429). */
  readonly maxQueued: number;
  /** `scheduler.job_defaults` and `scheduler.timezone`: what a job that says nothing gets. */
  readonly jobDefaults: JobDefaults;
  /** Whether this process schedules at all (`--mode web` does not). */
  readonly schedules: boolean;
  /** What of the history is kept; absent: all of it. */
  readonly retention?: RetentionRules;
}
