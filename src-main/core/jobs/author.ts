import type { SavedVia } from '../../../src-shared/model/job-version';

/** Who saves a definition, and from where. */
export interface Author {
  readonly by: string;
  readonly via: SavedVia;
  /** An address, `ipc`, the path of a file. */
  readonly origin: string;
  /** Throws `forbidden` when the author may not have a job with these tags changed, or become so. */
  readonly check?: (job_id: string, tags: readonly string[]) => void;
}

/** A plain name is the program's own doing. */
export function authorOf(given: Author | string | undefined): Author {
  return typeof given === 'object' ? given : { by: given ?? '', via: 'program', origin: 'program' };
}
