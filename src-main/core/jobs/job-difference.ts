import { toConfiguration } from '../../../src-shared/job-document';
import { etagOf } from '../../../src-shared/job-etag';
import { foldSame, lineDiff } from '../../../src-shared/line-diff';
import type { JobDifference } from '../../../src-shared/model/job-difference';
import type { RunDefinitionRecord, Store } from '../ports/store';
import type { Redactor } from '../secrets/redactor';
import { auditChanges } from '../security/audit-changes';
import { maskedYaml } from '../security/masked-yaml';
import type { Job } from './job';
import type { JobVersions } from './job-versions';

/** Tells what was made of a job since a state of it, by the versions that were kept. */
export type DifferenceSince = (job: Job, since: string) => Promise<JobDifference>;

const marks = { same: '  ', added: '+ ', removed: '- ', skipped: '  ' } as const;

/** Two texts line by line. They are compared as they are and shown masked, so that a changed secret is a changed line. */
function textDiff(before: string, after: string): string {
  const shown = { before: maskedYaml(before).split('\n'), after: maskedYaml(after).split('\n') };
  let row = 0;
  let column = 0;
  const lines = lineDiff(before, after).map((line) => {
    const text = line.kind === 'added' ? shown.after[column] : shown.before[row];
    if (line.kind !== 'added') row += 1;
    if (line.kind !== 'removed') column += 1;
    return { ...line, text: text ?? '' };
  });
  return foldSame(lines)
    .map(({ kind, text }) => `${marks[kind]}${text}`)
    .join('\n');
}

export function createDifferenceSince(deps: {
  readonly store: Store;
  readonly versions: JobVersions;
  readonly redactor: Redactor;
}): DifferenceSince {
  const { store, versions, redactor } = deps;
  const textOf = ({ yaml_text, configuration }: Pick<RunDefinitionRecord, 'yaml_text' | 'configuration'>) =>
    yaml_text ?? `${JSON.stringify(JSON.parse(configuration), null, 2)}\n`;

  return async (job, since) => {
    const { record, definition } = job;
    const instant = Date.parse(since);
    const base = Number.isNaN(instant) ? undefined : await store.jobVersions.savedAt(record.job_id, instant);
    const before = base && (await store.runDefinitions.get(base.digest));
    const newest = await versions.newest(record.job_id);
    const isOurs = newest?.saved_date === record.modified_date;
    const modified_date = new Date(record.modified_date).toISOString();
    return redactor.value({
      since,
      since_version: base?.version ?? null,
      modified_date,
      etag: etagOf({ modified_date }),
      version: isOurs ? newest.version : null,
      saved_by: isOurs ? newest.saved_by : '',
      action: isOurs ? newest.action : null,
      changes: before ? [...auditChanges(JSON.parse(before.configuration), toConfiguration(definition))] : [],
      diff: before ? textDiff(textOf(before), textOf(record)) : '',
    });
  };
}

/** The difference in a few words, for the message of a refusal. */
export function differenceInWords({ since, since_version, changes }: JobDifference): string {
  if (since_version === null) return `what it was at ${since.slice(0, 40)} is not known`;
  if (changes.length === 0) return 'only its comments or its layout changed';
  const named = changes.slice(0, 5).map(({ path }) => path);
  const more = changes.length - named.length;
  return `what changed since: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
