import { AppError } from '../../../src-shared/errors';
import {
  definitionFromJson,
  editJobDocument,
  formatJobDocument,
  parseJobDocument,
  toConfiguration,
} from '../../../src-shared/job-document';
import type { Issue } from '../../../src-shared/model/issue';
import type { EventBus } from '../events/event-bus';
import type { JobTypeRegistry } from '../job-type-registry';
import type { Clock } from '../ports/clock';
import type { Store } from '../ports/store';
import type { RunQueue } from '../run/run-queue';
import type { Scheduler } from '../schedule/scheduler';
import type { JobBuilder } from './build-job';
import type { Job } from './job';
import { type CheckedJob, deletedFact, recordOf, refuseErrors } from './job-record';
import type { JobRegistry } from './job-registry';

/** Saved definitions: checked, stored, planned, told, in this order. */
export interface JobService {
  get(job_id: string): Job;
  create(
    body: Readonly<Record<string, unknown>>,
    by: string,
  ): Promise<{ job: Job; warnings: readonly Issue[] }>;
  /** `expectedModified` refuses with `conflict` when somebody saved in between. */
  update(
    job_id: string,
    body: Readonly<Record<string, unknown>>,
    expectedModified?: string,
    by?: string,
  ): Promise<{ job: Job; warnings: readonly Issue[] }>;
  setEnabled(job_id: string, enabled: boolean, by?: string): Promise<Job>;
  remove(job_id: string): Promise<void>;
}

export interface JobServiceDeps {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly builder: JobBuilder;
  readonly jobTypes: JobTypeRegistry;
  readonly scheduler: Scheduler;
  readonly queue: RunQueue;
  readonly events: EventBus;
  readonly clock: Clock;
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
    if (isText(body)) {
      const hasId = /^(id|job_id)\s*:/m.test(body.yaml) || /^jobs\s*:/m.test(body.yaml);
      return checkText(hasId ? body.yaml : `id: ${job_id}\n${body.yaml}`);
    }
    const hasId = body.job_id !== undefined || body.id !== undefined;
    return checkJson(hasId ? body : { job_id, ...body });
  };

  const settle = async (job: Job, event: 'job.created' | 'job.updated', by?: string) => {
    deps.registry.put(job);
    await deps.scheduler.reschedule(job, by);
    deps.events.publish(event, { job_id: job.record.job_id });
  };

  const replace = async (known: Job, checked: CheckedJob, by?: string): Promise<Job> => {
    const { record } = known;
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
    if (!(await deps.store.jobs.update(next, record.modified_date))) {
      throw new AppError(
        'conflict',
        `Job "${record.job_id}" was changed by somebody else meanwhile; reload it`,
      );
    }
    const job = deps.builder.fromDefinition(next, checked.definition);
    await settle(job, 'job.updated', by);
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

  return {
    get,
    async create(body, by) {
      const checked = withId(body, freeId());
      const now = deps.clock.now();
      const record = recordOf(checked, {
        created_date: now,
        modified_date: now,
        created_by: by.slice(0, 255),
        source: null,
        source_digest: null,
      });
      if (!(await deps.store.jobs.insert(record))) {
        throw new AppError('conflict', `Job "${record.job_id}" exists already`);
      }
      const job = deps.builder.fromDefinition(record, checked.definition);
      await settle(job, 'job.created', by);
      return { job, warnings: checked.warnings };
    },
    async update(job_id, body, expectedModified, by) {
      const known = get(job_id);
      const modified = new Date(known.record.modified_date).toISOString();
      if (expectedModified !== undefined && expectedModified !== modified) {
        throw new AppError(
          'conflict',
          `Job "${job_id}" was changed at ${modified}; you began from ${expectedModified}`,
        );
      }
      const checked = isText(body) ? withId(body, job_id) : changed(known, body);
      return { job: await replace(known, checked, by), warnings: checked.warnings };
    },
    async setEnabled(job_id, enabled, by) {
      const known = get(job_id);
      if (known.record.enabled === enabled) return known;
      return replace(known, changed(known, { enabled }), by);
    },
    async remove(job_id) {
      const { record } = get(job_id);
      if (deps.queue.isBusy(job_id)) {
        throw new AppError('conflict', `Job "${job_id}" is running; cancel it before deleting it`);
      }
      await deps.store.transaction(async (store) => {
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
