import { AppError } from '../../../src-shared/errors';
import {
  definitionFromJson,
  editJobDocument,
  formatJobDocument,
  parseJobDocument,
  toConfiguration,
  withJobId,
} from '../../../src-shared/job-document';
import type { Issue } from '../../../src-shared/model/issue';
import type { EventBus } from '../events/event-bus';
import type { JobTypeRegistry } from '../job-type-registry';
import type { Clock } from '../ports/clock';
import type { Store } from '../ports/store';
import type { RunQueue } from '../run/run-queue';
import type { Scheduler } from '../schedule/scheduler';
import { type Author, authorOf, checkAuthor } from './author';
import type { JobBuilder } from './build-job';
import type { Job } from './job';
import { type DifferenceSince, differenceInWords } from './job-difference';
import { type CheckedJob, deletedFact, recordOf, refuseErrors } from './job-record';
import type { JobRegistry } from './job-registry';
import type { JobVersions, SavedDefinition } from './job-versions';

/** Saved definitions: checked, stored, planned, told, in this order. */
export interface JobService {
  get(job_id: string): Job;
  create(body: Readonly<Record<string, unknown>>, by: Author | string): Promise<Saved>;
  /** `expectedModified` refuses with `conflict`, and what changed since, when somebody saved in between. */
  update(
    job_id: string,
    body: Readonly<Record<string, unknown>>,
    expectedModified?: string,
    by?: Author | string,
  ): Promise<Saved>;
  setEnabled(job_id: string, enabled: boolean, by?: Author | string, expectedModified?: string): Promise<Job>;
  /**
   * Makes the job what a version says, as a new version; a deleted job comes back. The version must still pass every
   * check. Throws `not_found`, `validation_failed`, and `conflict` when somebody saved in between.
   */
  restore(
    job_id: string,
    version: number,
    expectedModified: string | undefined,
    by: Author | string,
  ): Promise<Saved>;
  remove(job_id: string, by?: Author | string, expectedModified?: string): Promise<void>;
}

export interface Saved {
  readonly job: Job;
  readonly warnings: readonly Issue[];
}

export interface JobServiceDeps {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly versions: JobVersions;
  readonly builder: JobBuilder;
  readonly jobTypes: JobTypeRegistry;
  readonly scheduler: Scheduler;
  readonly queue: RunQueue;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly differenceSince: DifferenceSince;
}

export function createJobService(deps: JobServiceDeps): JobService {
  const get = (job_id: string): Job => {
    const job = deps.registry.get(job_id);
    if (!job) throw new AppError('not_found', `There is no job "${job_id}"`);
    return job;
  };

  /** The specification's example answers with job_002: the next free number. */
  const freeId = (): string => {
    for (let number = deps.registry.size + 1; ; number += 1) {
      const job_id = `job_${String(number).padStart(3, '0')}`;
      if (!deps.registry.get(job_id)) return job_id;
    }
  };

  const checkText = (text: string): CheckedJob => {
    const { definition, issues } = parseJobDocument(text, deps.jobTypes);
    refuseErrors(issues);
    if (!definition) throw new AppError('validation_failed', 'The text holds no job');
    return { definition, text, warnings: issues };
  };

  const checkJson = (value: Readonly<Record<string, unknown>>, text?: string): CheckedJob => {
    const { definition, issues } = definitionFromJson(value, deps.jobTypes);
    refuseErrors(issues);
    if (!definition) throw new AppError('validation_failed', 'The body is not a job');
    return { definition, text: text ?? formatJobDocument(definition), warnings: issues };
  };

  const isText = (body: Readonly<Record<string, unknown>>): body is { yaml: string } => {
    if (!('yaml' in body)) return false;
    if (typeof body.yaml === 'string' && Object.keys(body).length === 1) return true;
    throw new AppError(
      'validation_failed',
      'A body with "yaml" holds the whole job as text and nothing else',
    );
  };

  const withId = (body: Readonly<Record<string, unknown>>, job_id: string): CheckedJob => {
    if (isText(body)) return checkText(withJobId(body.yaml, job_id));
    const hasId = body.job_id !== undefined || body.id !== undefined;
    return checkJson(hasId ? body : { job_id, ...body });
  };

  const settle = async (job: Job, event: 'job.created' | 'job.updated', by?: string) => {
    deps.registry.put(job);
    await deps.scheduler.reschedule(job, by);
    deps.events.publish(event, { job_id: job.record.job_id });
  };

  /** Somebody else was quicker: said with what they made of it. */
  const conflictWith = async (job: Job, since: string): Promise<AppError> => {
    const difference = await deps.differenceSince(job, since);
    const by = difference.saved_by === '' ? '' : ` by ${difference.saved_by}`;
    const message = `Job "${job.record.job_id}" was changed at ${difference.modified_date}${by}; you began from ${since.slice(0, 40)}`;
    return new AppError('conflict', `${message}; ${differenceInWords(difference)}`, { difference });
  };

  const replace = async (
    known: Job,
    checked: CheckedJob,
    author: Author,
    how: Pick<SavedDefinition, 'action' | 'restored_from'>,
  ): Promise<Job> => {
    const { record } = known;
    checkAuthor(author, known, checked.definition, deps.registry);
    if (checked.definition.job_id !== record.job_id) {
      throw new AppError(
        'validation_failed',
        `job_id is "${checked.definition.job_id}"; expected "${record.job_id}" (an id can't be changed; create a new job)`,
      );
    }
    const next = recordOf(checked, {
      created_date: record.created_date,
      // Two saves within a millisecond must still differ: the date is what a later save is checked against.
      modified_date: Math.max(deps.clock.now(), record.modified_date + 1),
      created_by: record.created_by,
      source: record.source,
      source_digest: record.source_digest,
    });
    const isWritten = await deps.store.transaction(async (store) => {
      if (!(await store.jobs.update(next, record.modified_date))) return false;
      await deps.versions.keep(store, [{ record: next, previous: record, ...how }], author);
      return true;
    });
    if (!isWritten)
      throw await conflictWith(get(record.job_id), new Date(record.modified_date).toISOString());
    const job = deps.builder.fromDefinition(next, checked.definition);
    await settle(job, 'job.updated', author.by);
    return job;
  };

  /** The author's text with some keys changed and everything else, comments included, as it was. */
  const changed = (job: Job, changes: Readonly<Record<string, unknown>>): CheckedJob => {
    const merged = { ...toConfiguration(job.definition) };
    for (const [key, value] of Object.entries(changes)) {
      if (value === null && key !== 'misfire_grace_time') delete merged[key];
      else merged[key] = value;
    }
    const checked = checkJson(merged);
    const { yaml_text } = job.record;
    if (yaml_text === null) return checked;
    const text = editJobDocument(yaml_text, changes);
    // The text is what the author will see: it must say what was checked, to the letter.
    const { definition } = parseJobDocument(text, deps.jobTypes);
    const isSame =
      definition &&
      JSON.stringify(toConfiguration(definition)) === JSON.stringify(toConfiguration(checked.definition));
    return isSame ? { ...checked, text } : checked;
  };

  const insert = async (
    checked: CheckedJob,
    author: Author,
    how: Pick<SavedDefinition, 'action' | 'restored_from'>,
  ): Promise<Saved> => {
    checkAuthor(author, undefined, checked.definition, deps.registry);
    const now = deps.clock.now();
    const record = recordOf(checked, {
      created_date: now,
      modified_date: now,
      created_by: author.by.slice(0, 255),
      source: null,
      source_digest: null,
    });
    const isWritten = await deps.store.transaction(async (store) => {
      if (!(await store.jobs.insert(record))) return false;
      await deps.versions.keep(store, [{ record, previous: undefined, ...how }], author);
      return true;
    });
    if (!isWritten) throw new AppError('conflict', `Job "${record.job_id}" exists already`);
    const job = deps.builder.fromDefinition(record, checked.definition);
    await settle(job, 'job.created', author.by);
    return { job, warnings: checked.warnings };
  };

  const refuseStale = async (
    job_id: string,
    expectedModified: string | undefined,
    author: Author,
  ): Promise<Job> => {
    const known = get(job_id);
    // First whether they may at all: a refusal tells what the job has become.
    author.check?.(job_id, known.definition.tags ?? []);
    const modified = new Date(known.record.modified_date).toISOString();
    if (expectedModified === undefined || expectedModified === modified) return known;
    throw await conflictWith(known, expectedModified);
  };

  return {
    get,
    create: async (body, by) => insert(withId(body, freeId()), authorOf(by), { action: 'create' }),
    async update(job_id, body, expectedModified, by) {
      const author = authorOf(by);
      const known = await refuseStale(job_id, expectedModified, author);
      const checked = isText(body) ? withId(body, job_id) : changed(known, body);
      const job = await replace(known, checked, author, { action: 'update' });
      return { job, warnings: checked.warnings };
    },
    async setEnabled(job_id, enabled, by, expectedModified) {
      const author = authorOf(by);
      const known = await refuseStale(job_id, expectedModified, author);
      if (known.record.enabled === enabled) return known;
      const action = enabled ? 'enable' : 'disable';
      return replace(known, changed(known, { enabled }), author, { action });
    },
    async restore(job_id, version, expectedModified, by) {
      const { definition } = await deps.versions.get(job_id, version);
      const checked =
        definition.yaml_text === null
          ? checkJson(JSON.parse(definition.configuration))
          : withId({ yaml: definition.yaml_text }, job_id);
      const how = { action: 'restore', restored_from: version } as const;
      if (!deps.registry.get(job_id)) return insert(checked, authorOf(by), how);
      const known = await refuseStale(job_id, expectedModified, authorOf(by));
      return { job: await replace(known, checked, authorOf(by), how), warnings: checked.warnings };
    },
    async remove(job_id, by, expectedModified) {
      const author = authorOf(by);
      const { record } = await refuseStale(job_id, expectedModified, author);
      if (deps.queue.isBusy(job_id)) {
        throw new AppError('conflict', `Job "${job_id}" is running; cancel it before deleting it`);
      }
      await deps.store.transaction(async (store) => {
        // What is deleted can be brought back, also a row that was never saved here.
        await deps.versions.keep(store, [{ record, previous: record, action: 'found' }], author);
        await store.jobs.remove(job_id);
        await store.scheduleState.remove(job_id);
        // The jobs file still holds it: without this mark the next start would bring it back.
        if (record.source_digest) await store.facts.set(deletedFact(job_id), record.source_digest);
      });
      deps.registry.remove(job_id);
      await deps.scheduler.forget(job_id);
      deps.events.publish('job.deleted', { job_id });
    },
  };
}
