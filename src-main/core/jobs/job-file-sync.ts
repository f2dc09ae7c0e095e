import { parseJobsFile } from '../../../src-shared/job-document';
import { foldIssues } from '../../../src-shared/job-document/fold-issues';
import type { Issue } from '../../../src-shared/model/issue';
import type { JobTypeRegistry } from '../job-type-registry';
import type { Clock } from '../ports/clock';
import type { JobsFile } from '../ports/jobs-file';
import type { Logger } from '../ports/logger';
import type { JobRecord, Store } from '../ports/store';
import type { JobBuilder } from './build-job';
import { deletedFact, recordOf } from './job-record';
import type { JobRegistry } from './job-registry';
import type { JobVersions } from './job-versions';

export interface SyncReport {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  /** Changed in the file and here: the version here stays. */
  readonly conflicts: readonly string[];
  readonly issues: readonly Issue[];
}

const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, '');

/** Relative paths begin at the folder of the jobs file: with another file they mean other files, without an error. */
function warnOfOtherFolders(registry: JobRegistry, path: string, logger: Logger): void {
  const moved = registry
    .all()
    .filter(
      ({ record }) => record.enabled && record.source !== null && folderOf(record.source) !== folderOf(path),
    );
  const [first] = moved;
  if (!first) return;
  logger.warning(
    `${moved.length} enabled ${moved.length === 1 ? 'job came' : 'jobs came'} from ${folderOf(first.record.source ?? '')} ("${first.record.job_id}" from ${first.record.source}); relative paths in them now begin at ${folderOf(path)}. Disable or delete them, or start with the file they came from`,
  );
}

/**
 * Brings the jobs file into the store at start. New ids are added; an id whose text in the
 * file changed since the last time is updated, unless it was edited here meanwhile. Nothing is ever removed.
 */
export async function synchroniseJobsFile(deps: {
  readonly file: JobsFile;
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly versions: JobVersions;
  readonly builder: JobBuilder;
  readonly jobTypes: JobTypeRegistry;
  readonly digest: (text: string) => string;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<SyncReport> {
  const { file, logger } = deps;
  warnOfOtherFolders(deps.registry, file.path, logger);
  const text = await file.read();
  const report = {
    added: [] as string[],
    updated: [] as string[],
    conflicts: [] as string[],
    issues: [] as Issue[],
  };
  if (text === undefined) {
    logger.warning(`the jobs file ${file.path} does not exist; going on with the stored jobs`);
    return report;
  }
  // A file of thousands of jobs takes seconds to read; one that was taken in whole and is the same needs no look.
  const fact = `jobs_file:${deps.digest(file.path)}`;
  const seen = () =>
    `${deps.digest(text)} ${deps.registry.all().filter((job) => job.record.source === file.path).length}`;
  if ((await deps.store.facts.get(fact)) === seen()) {
    logger.info(`${file.path} is as it was when it was last taken in`);
    return report;
  }
  const parsed = parseJobsFile(text, deps.jobTypes);
  report.issues.push(...parsed.issues);
  for (const issue of foldIssues(parsed.issues)) {
    const place = issue.line === undefined ? '' : `:${issue.line}:${issue.column ?? 1}`;
    logger[issue.severity](`${file.path}${place} ${issue.message}`);
  }
  const now = deps.clock.now();
  const accepted: { record: JobRecord; previous: JobRecord | undefined }[] = [];
  for (const one of parsed.jobs) {
    const { definition } = one;
    if (!definition) continue;
    const { job_id } = definition;
    const source_digest = deps.digest(one.text);
    const known = deps.registry.get(job_id)?.record;
    if (!known && (await deps.store.facts.get(deletedFact(job_id))) === source_digest) continue;
    if (known?.source_digest === source_digest) continue;
    if (known) {
      const isEditedHere = known.source_digest !== deps.digest(known.yaml_text ?? '');
      if (isEditedHere) {
        report.conflicts.push(job_id);
        logger.warning(`Job "${job_id}" differs in ${file.path} and was edited here: the version here stays`);
        continue;
      }
    }
    const record = recordOf(
      { definition, text: one.text },
      {
        created_date: known?.created_date ?? now,
        modified_date: known ? Math.max(now, known.modified_date + 1) : now,
        created_by: known?.created_by ?? 'jobs file',
        source: file.path,
        source_digest,
      },
    );
    accepted.push({ record, previous: known });
    (known ? report.updated : report.added).push(job_id);
  }
  await deps.store.transaction(async (store) => {
    for (const { record, previous } of accepted) {
      if (previous) await store.jobs.update(record, previous.modified_date);
      else await store.jobs.insert(record);
    }
    await deps.versions.keep(
      store,
      accepted.map((one) => ({ ...one, action: 'synchronise' as const })),
      { by: 'jobs file', via: 'file', origin: file.path },
    );
  });
  const definitions = new Map(parsed.jobs.map((one) => [one.definition?.job_id, one.definition]));
  for (const { record } of accepted) {
    const definition = definitions.get(record.job_id);
    if (definition) deps.registry.put(deps.builder.fromDefinition(record, definition));
  }
  // What is wrong or kept apart is said at every start, so such a file is read at every start.
  const isClean = report.issues.length === 0 && report.conflicts.length === 0;
  await deps.store.facts.set(fact, isClean ? seen() : '');
  logger.info(
    `${file.path}: ${parsed.jobs.length} jobs, ${report.added.length} added, ${report.updated.length} updated, ` +
      `${report.conflicts.length} kept as edited here, ${parsed.jobs.filter((one) => !one.definition).length} unusable`,
  );
  return report;
}
