import { AppError } from '../../../src-shared/errors';
import type { JobVersion, VersionAction } from '../../../src-shared/model/job-version';
import type { Clock } from '../ports/clock';
import type { Random } from '../ports/random';
import type { JobRecord, JobVersionRecord, RunDefinitionRecord, Store } from '../ports/store';
import type { Author } from './author';
import { definitionDigest } from './definition-digest';
import type { JobRegistry } from './job-registry';

/** A definition that is about to be saved. */
export interface SavedDefinition {
  readonly record: JobRecord;
  /** The row it replaces; undefined for a new job. */
  readonly previous: JobRecord | undefined;
  readonly action: VersionAction;
  readonly restored_from?: number;
}

/** Every definition a job ever had: who saved it, when, from where. Nothing is ever taken out. */
export interface JobVersions {
  /**
   * Keeps what is saved, in the transaction that saves it. A row that was changed beside this program (by hand, by an
   * older version) is kept first, as found.
   */
  keep(store: Store, saved: readonly SavedDefinition[], author: Author): Promise<void>;
  /** Newest first. Throws `not_found` for a job that never was. */
  list(
    job_id: string,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly versions: readonly JobVersion[]; readonly total: number }>;
  /** One with its text. Throws `not_found`. */
  get(
    job_id: string,
    version: number,
  ): Promise<{ readonly version: JobVersion; readonly definition: RunDefinitionRecord }>;
  newest(job_id: string): Promise<JobVersionRecord | undefined>;
  /** The version that an execution ran; undefined when its definition was never saved (a test run). */
  ranBy(job_id: string, digest: string, at: number): Promise<JobVersionRecord | undefined>;
}

export function createJobVersions(deps: {
  readonly store: Store;
  readonly registry: JobRegistry;
  readonly clock: Clock;
  readonly digest: Random['digest'];
}): JobVersions {
  const { registry } = deps;
  const digestOf = (record: JobRecord) => definitionDigest(record, deps.digest);

  const keep: JobVersions['keep'] = async (store, saved, author) => {
    if (saved.length === 0) return;
    const newest = await store.jobVersions.newest(saved.map(({ record }) => record.job_id));
    const versions: JobVersionRecord[] = [];
    const definitions: RunDefinitionRecord[] = [];
    for (const { record, previous, action, restored_from } of saved) {
      const { job_id } = record;
      const known = newest.get(job_id);
      let number = known?.version ?? 0;
      const add = (one: JobRecord, rest: Omit<JobVersionRecord, keyof VersionOf>) => {
        number += 1;
        const digest = digestOf(one);
        versions.push({ job_id, version: number, digest, name: one.name, enabled: one.enabled, ...rest });
        definitions.push({
          digest,
          job_id,
          configuration: one.configuration,
          yaml_text: one.yaml_text,
          created_date: rest.saved_date,
        });
      };
      if (previous && known?.digest !== digestOf(previous)) add(previous, foundIn(previous));
      // A row that is only to be kept as found is its own predecessor.
      if (previous === record) continue;
      add(record, {
        saved_date: record.modified_date,
        saved_by: author.by.slice(0, 255),
        via: author.via,
        origin: author.origin.slice(0, 255),
        action,
        restored_from: restored_from ?? null,
      });
    }
    await store.runDefinitions.putAll(definitions);
    await store.jobVersions.add(versions);
  };

  /** The row as it stands is a version too, whoever wrote it. */
  const keepFound = async (job_id: string): Promise<void> => {
    const record = registry.get(job_id)?.record;
    if (!record) return;
    await deps.store.transaction((store) =>
      keep(store, [{ record, previous: record, action: 'found' }], {
        by: '',
        via: 'outside',
        origin: 'database',
      }),
    );
  };

  const viewOf = (row: JobVersionRecord, newest: number): JobVersion => {
    const { version, name, enabled, saved_by, via, origin, action, restored_from } = row;
    return {
      version,
      name,
      enabled,
      saved_date: new Date(row.saved_date).toISOString(),
      saved_by,
      via,
      origin,
      action,
      restored_from,
      is_current: version === newest && registry.get(row.job_id) !== undefined,
    };
  };

  const newestNumber = async (job_id: string): Promise<number> => {
    await keepFound(job_id);
    const newest = (await deps.store.jobVersions.newest([job_id])).get(job_id);
    if (!newest) throw new AppError('not_found', `There is no job "${job_id}"`);
    return newest.version;
  };

  return {
    keep,
    async list(job_id, page) {
      const newest = await newestNumber(job_id);
      const [rows, total] = await Promise.all([
        deps.store.jobVersions.list(job_id, page),
        deps.store.jobVersions.count(job_id),
      ]);
      return { versions: rows.map((row) => viewOf(row, newest)), total };
    },
    async get(job_id, version) {
      const newest = await newestNumber(job_id);
      const row = await deps.store.jobVersions.get(job_id, version);
      if (!row)
        throw new AppError('not_found', `Job "${job_id}" has no version ${version}; expected 1 to ${newest}`);
      const definition = await deps.store.runDefinitions.get(row.digest);
      if (!definition)
        throw new AppError('not_found', `The text of version ${version} of job "${job_id}" was not kept`);
      return { version: viewOf(row, newest), definition };
    },
    newest: async (job_id) => (await deps.store.jobVersions.newest([job_id])).get(job_id),
    async ranBy(job_id, digest, at) {
      const record = registry.get(job_id)?.record;
      if (record && digestOf(record) === digest) await keepFound(job_id);
      return deps.store.jobVersions.ofDigest(job_id, digest, at);
    },
  };
}

type VersionOf = Pick<JobVersionRecord, 'job_id' | 'version' | 'digest' | 'name' | 'enabled'>;

/** Nobody told who wrote it: the row itself says when, and who made the job. */
function foundIn(record: JobRecord) {
  return {
    saved_date: record.modified_date,
    saved_by: record.created_by.slice(0, 255),
    via: 'outside',
    origin: record.source?.slice(0, 255) ?? 'database',
    action: 'found',
    restored_from: null,
  } as const;
}
