import { AppError } from '../../../src-shared/errors';
import { eachText } from '../../../src-shared/macros/check-macros';
import { parseMacros } from '../../../src-shared/macros/parse-macros';
import type { Secret } from '../../../src-shared/model/secret';
import type { EventBus } from '../events/event-bus';
import type { JobRegistry } from '../jobs/job-registry';
import type { Clock } from '../ports/clock';
import type { Logger } from '../ports/logger';
import type { SecretBox } from '../ports/secret-box';
import type { SecretRecord, SecretRepository } from '../ports/store';
import type { Redactor } from './redactor';

/** Secrets by name, for `{{ secrets.name }}`. Values go in and come out only for a run. */
export interface SecretService {
  list(): Secret[];
  /** Makes or replaces one. `created` is false when it was there before. */
  put(
    name: string,
    value: string,
    by: string,
  ): Promise<{ readonly created: boolean; readonly secret: Secret }>;
  /** Throws `not_found`, or `conflict` while a job uses it. */
  remove(name: string): Promise<void>;
  has(name: string): boolean;
  /** The value, for a run. Throws `not_found`, or `unavailable` when it can't be opened. */
  open(name: string): string;
  /** Reads the stored ones; before it none is known. */
  load(): Promise<void>;
}

/** Names of the secrets a definition refers to. */
export function secretsOf(definition: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  eachText(definition, [], (text) => {
    if (!text.includes('secrets.')) return;
    for (const part of parseMacros(text).parts) {
      if (part.kind === 'macro' && part.macro.name.startsWith('secrets.'))
        names.add(part.macro.name.slice('secrets.'.length));
    }
  });
  return names;
}

export function createSecretService(deps: {
  readonly secrets: SecretRepository;
  readonly box: SecretBox;
  readonly registry: JobRegistry;
  readonly redactor: Redactor;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly logger: Logger;
}): SecretService {
  const known = new Map<string, SecretRecord>();

  const usersOf = (name: string): string[] =>
    deps.registry
      .all()
      .filter((job) => secretsOf(job.definition).has(name))
      .map((job) => job.record.job_id);

  const view = (
    { value: _sealed, created_date, modified_date, ...rest }: SecretRecord,
    used_by: string[],
  ): Secret => ({
    ...rest,
    created_date: new Date(created_date).toISOString(),
    modified_date: new Date(modified_date).toISOString(),
    used_by,
  });

  const open = (name: string): string => {
    const record = known.get(name);
    if (!record)
      throw new AppError('not_found', `There is no secret "${name}"; save it under that name first`);
    try {
      return deps.box.open(record.value);
    } catch (error) {
      throw new AppError('unavailable', `The secret "${name}" can't be opened; save it again`, {
        cause: error,
      });
    }
  };

  return {
    open,
    has: (name) => known.has(name),
    list() {
      const users = new Map<string, string[]>();
      for (const job of deps.registry.all()) {
        for (const name of secretsOf(job.definition))
          users.set(name, [...(users.get(name) ?? []), job.record.job_id]);
      }
      return [...known.values()]
        .sort((a, b) => a.name.localeCompare(b.name, 'en'))
        .map((record) => view(record, users.get(record.name) ?? []));
    },
    async put(name, value, by) {
      const before = known.get(name);
      const now = deps.clock.now();
      const record: SecretRecord = {
        name,
        value: deps.box.seal(value),
        created_date: before?.created_date ?? now,
        modified_date: now,
        modified_by: by.slice(0, 255),
      };
      await deps.secrets.put(record);
      known.set(name, record);
      deps.redactor.learn(`secret:${name}`, [value]);
      deps.events.publish('secret.changed', { name });
      return { created: before === undefined, secret: view(record, usersOf(name)) };
    },
    async remove(name) {
      if (!known.has(name)) throw new AppError('not_found', `There is no secret "${name}"`);
      const users = usersOf(name);
      if (users.length > 0) {
        const named =
          users.slice(0, 5).join(', ') + (users.length > 5 ? ` and ${users.length - 5} more` : '');
        throw new AppError('conflict', `Secret "${name}" is used by ${named}`);
      }
      await deps.secrets.remove(name);
      known.delete(name);
      deps.redactor.learn(`secret:${name}`, []);
      deps.events.publish('secret.changed', { name });
    },
    async load() {
      known.clear();
      for (const record of await deps.secrets.list()) {
        known.set(record.name, record);
        try {
          deps.redactor.learn(`secret:${record.name}`, [open(record.name)]);
        } catch (error) {
          // Runs that need it fail and say so; the others go on.
          deps.logger.error(error instanceof Error ? error.message : String(error));
        }
      }
    },
  };
}
