import type { JobVersion } from '../../../../src-shared/model/job-version';
import type { api } from '../../../lib/api';

const actions: Readonly<Record<JobVersion['action'], string>> = {
  create: 'Created',
  update: 'Changed',
  enable: 'Switched on',
  disable: 'Switched off',
  import: 'Imported',
  synchronise: 'From the jobs file',
  restore: 'Restored',
  found: 'Found in the database',
};

const ways: Readonly<Record<JobVersion['via'], string>> = {
  window: 'in the window',
  api: 'over the API',
  file: '',
  program: 'by the program',
  outside: 'not saved here',
};

/** What was done: "Changed", "Restored version 3". */
export function savedHow({ action, restored_from }: JobVersion): string {
  return restored_from === null ? actions[action] : `Restored version ${restored_from}`;
}

/** Who did it, and by which way: "anna, in the window". `user:u1 (anna)` is anna to a person. */
export function savedWho({ saved_by, via, origin }: JobVersion): string {
  if (via === 'file') return origin;
  const who = /\((.+)\)$/.exec(saved_by)?.[1] ?? saved_by;
  return [who, ways[via]].filter((part) => part !== '').join(', ');
}

type Version = Awaited<ReturnType<typeof api.jobs.version>>;

/** What is compared: the author's text; for who may not see it, or where there is none, the definition as JSON. */
export function textOfVersion({ yaml, configuration }: Version): string {
  return yaml === '' ? `${JSON.stringify(configuration, null, 2)}\n` : yaml;
}
