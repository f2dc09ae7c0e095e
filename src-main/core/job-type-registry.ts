import type { DocumentSurroundings } from '../../src-shared/job-document';
import type { JobType } from './job-type';

/** The job types this program has, by name. */
export type JobTypeRegistry = ReadonlyMap<string, JobType> & {
  /** What definitions may refer to, for the checks of documents. */
  readonly surroundings?: DocumentSurroundings;
};

export function createJobTypeRegistry(
  types: readonly JobType[],
  surroundings?: DocumentSurroundings,
): JobTypeRegistry {
  return Object.assign(new Map(types.map((type) => [type.type, type])), { surroundings });
}
