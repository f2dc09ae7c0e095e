import { JobId } from '../../../src-shared/model/ids';
import type { Job } from '../jobs/job';
import type { ConvertedJob } from './converted-job';

const longest = 50;

/** A text as an id: `Nightly backup (full)` -> `nightly_backup_full`. */
export function idOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, '_')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, longest - 4)
    .replace(/[^a-z0-9]+$/, '');
  const id = plain === '' ? 'job' : plain;
  return JobId.safeParse(id).success ? id : `job_${id}`.slice(0, longest - 4);
}

/** What an imported job keeps of where it came from, by which a second import finds it again. */
export function originOf(source: string, job: ConvertedJob): { imported_from: string; imported_as: string } {
  return { imported_from: source, imported_as: job.sourceKey.slice(0, 1000) };
}

/**
 * Gives each job an id: that of the job an earlier import made of the same entry, else one that neither a job of the
 * program nor another of this import has. Never the id of a job that came from elsewhere: it would be overwritten.
 */
export function assignIds(
  source: string,
  jobs: readonly ConvertedJob[],
  existing: readonly Job[],
): ReadonlyMap<ConvertedJob, string> {
  const keyOf = (from: unknown, as: unknown) => JSON.stringify([from, as]);
  const earlier = new Map<string, string[]>();
  for (const { definition, record } of existing) {
    const { imported_from, imported_as } = definition.metadata ?? {};
    if (imported_from !== source || typeof imported_as !== 'string') continue;
    const key = keyOf(imported_from, imported_as);
    earlier.set(key, [...(earlier.get(key) ?? []), record.job_id]);
  }
  const taken = new Set(existing.map(({ record }) => record.job_id.toLowerCase()));
  const ids = new Map<ConvertedJob, string>();
  for (const job of jobs) {
    const { imported_from, imported_as } = originOf(source, job);
    const known = earlier.get(keyOf(imported_from, imported_as))?.shift();
    if (known !== undefined) {
      ids.set(job, known);
      continue;
    }
    const wanted = idOf(job.wantedId);
    let id = wanted;
    for (let number = 2; taken.has(id); number += 1) id = `${wanted}_${number}`;
    taken.add(id);
    ids.set(job, id);
  }
  return ids;
}
