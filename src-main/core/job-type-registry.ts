import type { JobType } from './job-type';

/** The job types this program has, by name. */
export type JobTypeRegistry = ReadonlyMap<string, JobType>;

export function createJobTypeRegistry(types: readonly JobType[]): JobTypeRegistry {
  return new Map(types.map((type) => [type.type, type]));
}
