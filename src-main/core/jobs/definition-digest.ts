import type { JobRecord } from '../ports/store';

/** What tells one definition of a job from another: the id, the JSON and the author's text. */
export function definitionDigest(
  { job_id, configuration, yaml_text }: Pick<JobRecord, 'job_id' | 'configuration' | 'yaml_text'>,
  digest: (text: string) => string,
): string {
  return digest(JSON.stringify([job_id, configuration, yaml_text]));
}
