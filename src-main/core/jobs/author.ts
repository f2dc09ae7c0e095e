import type { JobDefinition } from '../../../src-shared/model/job';
import type { SavedVia } from '../../../src-shared/model/job-version';
import { chainTargets } from '../../../src-shared/model/run-rules';
import type { Job } from './job';
import type { JobRegistry } from './job-registry';

/** Who saves a definition, and from where. */
export interface Author {
  readonly by: string;
  readonly via: SavedVia;
  /** An address, `ipc`, the path of a file. */
  readonly origin: string;
  /** Throws `forbidden` when the author may not act on a job with these tags. */
  readonly check?: (job_id: string, tags: readonly string[]) => void;
}

/** A plain name is the program's own doing. */
export function authorOf(given: Author | string | undefined): Author {
  return typeof given === 'object' ? given : { by: given ?? '', via: 'program', origin: 'program' };
}

/**
 * Whether an author may make a job what it is to be: both must have a tag of theirs, and what it newly starts after
 * itself too, or somebody could run by a chain what they may not run. Throws `forbidden`.
 */
export function checkAuthor(
  author: Author,
  known: Job | undefined,
  next: JobDefinition,
  registry: Pick<JobRegistry, 'get'>,
): void {
  const { check } = author;
  if (!check) return;
  if (known) check(known.record.job_id, known.definition.tags ?? []);
  check(next.job_id, next.tags ?? []);
  const before = new Set(known ? chainTargets(known.definition) : []);
  for (const job_id of chainTargets(next)) {
    const target = before.has(job_id) ? undefined : registry.get(job_id);
    if (target) check(job_id, target.definition.tags ?? []);
  }
}
