import type { CommonJob } from '../../../src-shared/model/job';

/** A job as another scheduler had it, told in our terms. */
export interface ConvertedJob {
  readonly name: string;
  /** What its id is made of; the import sees to it that no id is taken twice. */
  readonly wantedId: string;
  /** What tells it from its fellows, so that a second import finds the job of the first. */
  readonly sourceKey: string;
  /** Where it stands in its source: `line 12`, `\Backup\Nightly`. */
  readonly place: string;
  readonly isEnabledThere: boolean;
  readonly definition: Omit<Partial<CommonJob>, 'job_id' | 'name' | 'enabled'> & {
    readonly job_type: string;
    readonly config: Readonly<Record<string, unknown>>;
  };
  /** What was carried over, a sentence each. */
  readonly maps: readonly string[];
  /** What was not, and why, a sentence each. */
  readonly unmapped: readonly string[];
  /** Something it does or waits for has no counterpart here: it is never enabled by an import. */
  readonly isIncomplete: boolean;
  /** The zone its times are shown in. */
  readonly timezone: string;
  /** By the rules of its source, not by ours. Absent when it has no times at all. */
  readonly fireTimes: FireTimes | undefined;
}

/** The first `count` instants in (after, through], ascending; worked out from the source's own words. */
export type FireTimes = (after: number, through: number, count: number) => readonly number[];

/** Something of the source that became no job. */
export interface LeftOut {
  readonly place: string;
  readonly text: string;
  readonly reason: string;
}

export interface Conversion {
  readonly jobs: readonly ConvertedJob[];
  readonly leftOut: readonly LeftOut[];
  /** What concerns the whole source. */
  readonly notes: readonly string[];
}

/** Text that is to stand as it is where macros would be filled in. */
export function withoutMacros(text: string): string {
  return text.replaceAll('{{', '{{{{');
}
