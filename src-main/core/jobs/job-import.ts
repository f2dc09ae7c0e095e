import { AppError } from '../../../src-shared/errors';
import {
  formatJobDocument,
  formatJobsFile,
  parseJobDocument,
  parseJobsFile,
} from '../../../src-shared/job-document';
import type { Issue } from '../../../src-shared/model/issue';
import type { EventBus } from '../events/event-bus';
import type { JobTypeRegistry } from '../job-type-registry';
import type { Clock } from '../ports/clock';
import type { Random } from '../ports/random';
import type { JobRecord, Store } from '../ports/store';
import type { Scheduler } from '../schedule/scheduler';
import { type Author, checkAuthor } from './author';
import type { JobBuilder } from './build-job';
import { recordOf, refuseErrors } from './job-record';
import type { JobRegistry } from './job-registry';
import type { JobVersions } from './job-versions';

export interface ImportedJob {
  readonly job_id: string;
  readonly action: 'created' | 'updated' | 'unchanged';
  readonly name: string;
  /** Where the job begins in the file. */
  readonly line: number;
  /** A dry run shows what a change would replace, and by what. */
  readonly before?: string;
  readonly after?: string;
  readonly conflict?: string;
}

export interface ImportResult {
  readonly jobs: readonly ImportedJob[];
  readonly issues: readonly Issue[];
}

/** What a dry run tells of a change beside its being one. */
function changeOf(previous: JobRecord, after: string, digest: (text: string) => string) {
  const before = previous.yaml_text ?? '';
  const isEdited = previous.source !== null && digest(before) !== previous.source_digest;
  const conflict = `It was edited here since it was last read from ${previous.source}: the import would overwrite that`;
  return { before, after, ...(isEdited ? { conflict } : {}) };
}

/** Jobs files in and out over the API. */
export interface JobImport {
  /** Checks without saving; a single job's document is checked as such. */
  validate(text: string): readonly Issue[];
  /** All of the file or nothing: an error anywhere refuses it whole. */
  import(text: string, dryRun: boolean, author: Author): Promise<ImportResult>;
  /** Throws `not_found` naming the ids there is no job for. */
  export(job_ids: readonly string[] | undefined): string;
}

export function createJobImport(deps: {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly versions: JobVersions;
  readonly builder: JobBuilder;
  readonly jobTypes: JobTypeRegistry;
  readonly scheduler: Scheduler;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly digest: Random['digest'];
}): JobImport {
  const isFile = (text: string): boolean => /^\uFEFF?\s*["']?jobs["']?\s*:/m.test(text);

  return {
    validate: (text) =>
      (isFile(text) ? parseJobsFile(text, deps.jobTypes) : parseJobDocument(text, deps.jobTypes)).issues,

    async import(text, dryRun, author) {
      const parsed = isFile(text) ? parseJobsFile(text, deps.jobTypes) : undefined;
      const single = parsed ? undefined : parseJobDocument(text, deps.jobTypes);
      const issues = parsed?.issues ?? single?.issues ?? [];
      refuseErrors(issues);
      const found =
        parsed?.jobs ?? (single?.definition ? [{ definition: single.definition, text, line: 1 }] : []);
      if (found.length === 0) throw new AppError('validation_failed', 'The file holds no jobs');
      const now = deps.clock.now();
      const results: ImportedJob[] = [];
      const writes: { record: JobRecord; previous: JobRecord | undefined; one: (typeof found)[number] }[] =
        [];
      for (const one of found) {
        if (!one.definition) continue;
        const { job_id } = one.definition;
        const before = deps.registry.get(job_id);
        const previous = before?.record;
        const action = !previous ? 'created' : previous.yaml_text === one.text ? 'unchanged' : 'updated';
        const change =
          dryRun && previous && action === 'updated' ? changeOf(previous, one.text, deps.digest) : {};
        results.push({ job_id, action, name: one.definition.name, line: one.line, ...change });
        if (action === 'unchanged') continue;
        checkAuthor(author, before, one.definition, deps.registry);
        const record = recordOf(
          { definition: one.definition, text: one.text },
          {
            created_date: previous?.created_date ?? now,
            modified_date: previous ? Math.max(now, previous.modified_date + 1) : now,
            created_by: previous?.created_by ?? author.by.slice(0, 255),
            source: previous?.source ?? null,
            source_digest: previous?.source_digest ?? null,
          },
        );
        writes.push({ record, previous, one });
      }
      if (dryRun) return { jobs: results, issues };
      await deps.store.transaction(async (store) => {
        for (const { record, previous } of writes) {
          const isWritten = previous
            ? await store.jobs.update(record, previous.modified_date)
            : await store.jobs.insert(record);
          if (!isWritten) {
            throw new AppError(
              'conflict',
              `Job "${record.job_id}" was changed by somebody else meanwhile; nothing was imported`,
            );
          }
        }
        await deps.versions.keep(
          store,
          writes.map(({ record, previous }) => ({ record, previous, action: 'import' as const })),
          author,
        );
      });
      for (const { record, previous, one } of writes) {
        if (!one.definition) continue;
        const job = deps.builder.fromDefinition(record, one.definition);
        deps.registry.put(job);
        await deps.scheduler.reschedule(job, author.by);
        deps.events.publish(previous ? 'job.updated' : 'job.created', { job_id: record.job_id });
      }
      return { jobs: results, issues };
    },

    export(job_ids) {
      const unknown = job_ids?.filter((job_id) => !deps.registry.get(job_id)) ?? [];
      if (unknown.length > 0)
        throw new AppError('not_found', `There is no job ${unknown.map((id) => `"${id}"`).join(', ')}`);
      const jobs = job_ids
        ? job_ids.flatMap((job_id) => deps.registry.get(job_id) ?? [])
        : deps.registry.all();
      return formatJobsFile(jobs.map((job) => job.record.yaml_text ?? formatJobDocument(job.definition)));
    },
  };
}
