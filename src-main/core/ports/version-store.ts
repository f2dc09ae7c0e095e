import type { SavedVia, VersionAction } from '../../../src-shared/model/job-version';

/** One saved definition of a job. Its text is the run_definitions row of the digest. */
export interface JobVersionRecord {
  readonly job_id: string;
  /** Counts from 1 within the job, over its deletion and return. */
  readonly version: number;
  readonly digest: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly saved_date: number;
  readonly saved_by: string;
  readonly via: SavedVia;
  /** From where: an address, `ipc`, the path of a file. */
  readonly origin: string;
  readonly action: VersionAction;
  readonly restored_from: number | null;
}

/** Versions are only ever added. */
export interface JobVersionRepository {
  /** Throws AppError `conflict` when one of the numbers is taken: somebody else was quicker. */
  add(records: readonly JobVersionRecord[]): Promise<void>;
  /** Newest first. */
  list(
    job_id: string,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<JobVersionRecord[]>;
  count(job_id: string): Promise<number>;
  get(job_id: string, version: number): Promise<JobVersionRecord | undefined>;
  /** The newest one that was saved at this very instant. */
  savedAt(job_id: string, saved_date: number): Promise<JobVersionRecord | undefined>;
  /** The newest version of each of these jobs that has one. */
  newest(job_ids: readonly string[]): Promise<Map<string, JobVersionRecord>>;
  /** The newest version with this text that was saved until then; the oldest one with it when all came later. */
  ofDigest(job_id: string, digest: string, until: number): Promise<JobVersionRecord | undefined>;
}
