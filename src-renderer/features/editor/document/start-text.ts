import { editAtPath } from '../../../../src-shared/job-document/edit-path';
import { readYaml } from '../../../../src-shared/job-document/read-yaml';
import { isDict } from './read-job-text';

/** Where a new job begins. */
export const emptyJob = `id: my_job
name: My job
type: command
command: hostname
schedule:
  type: cron
  cron_params:
    hour: 7
    minute: 0
`;

/** Lines at the top that only the gallery of templates reads. */
const galleryLines = /^(?:# (?:title|description):.*\n)+/;

/** A template's text as the beginning of a job. */
export function fromTemplate(yaml: string): string {
  return yaml.replace(galleryLines, '');
}

/** A job's text under a new name, switched off: two of a kind must not begin to run unasked. */
export function duplicateOf(yaml: string, isTaken: (job_id: string) => boolean): string {
  const { value } = readYaml(yaml, Number.POSITIVE_INFINITY);
  if (!isDict(value)) return yaml;
  const idKey = 'job_id' in value ? 'job_id' : 'id';
  const base = `${String(value[idKey] ?? 'job').slice(0, 40)}_copy`;
  let job_id = base;
  for (let number = 2; isTaken(job_id); number += 1) job_id = `${base}_${number}`;
  const named = editAtPath(yaml, [idKey], job_id);
  const renamed = 'name' in value ? editAtPath(named, ['name'], `${String(value.name)} (copy)`) : named;
  return editAtPath(renamed, ['enabled'], false);
}
