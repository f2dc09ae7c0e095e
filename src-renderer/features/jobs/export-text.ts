import { api } from '../../lib/api';

/** Ids travel in the address, of which a server reads some 16 kB. */
const idsAtOnce = 200;

/** Jobs files as one: the first whole, of the others what stands below `jobs:`. */
export function joinJobsFiles(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  return [first, ...others.map((text) => text.replace(/^[\s\S]*?^jobs:\n/m, ''))].join('');
}

/** The text of jobs as a jobs file, however many; of all there are when none are named. */
export async function exportText(job_ids: readonly string[] | undefined): Promise<string> {
  const texts: string[] = [];
  for (let at = 0; at === 0 || at < (job_ids?.length ?? 0); at += idsAtOnce) {
    const query = job_ids ? { ids: job_ids.slice(at, at + idsAtOnce) } : {};
    // The window's transports bring text.
    texts.push(String((await api.jobs.export({ query })).body));
  }
  return joinJobsFiles(texts);
}
