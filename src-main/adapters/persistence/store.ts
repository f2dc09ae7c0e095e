import type { Kysely } from 'kysely';
import type { Store } from '../../core/ports/store';
import { createApiKeyRepository } from './api-key-repository';
import { createAuditRepository } from './audit-repository';
import { createConnectionRepository } from './connection-repository';
import type { Engine } from './engine';
import { createExecutionRepository } from './execution-repository';
import { createFactRepository } from './fact-repository';
import { createGapRepository } from './gap-repository';
import { createJobRepository } from './job-repository';
import { createJobVersionRepository } from './job-version-repository';
import { createCalendarRepository, createMaintenanceWindowRepository } from './named-repository';
import { createNotificationRepository } from './notification-repository';
import { createRunDefinitionRepository } from './run-definition-repository';
import { createScheduleStateRepository } from './schedule-state-repository';
import { createSecretRepository } from './secret-repository';
import { createStatisticsRepository } from './statistics-repository';
import type { Tables } from './tables';
import { createUserRepository } from './user-repository';

/** The Store over any engine. Inside a transaction `transaction` joins the one that is open. */
export function createStore(db: Kysely<Tables>, engine: Engine, close: () => Promise<void>): Store {
  const repositories = {
    jobs: createJobRepository(db, engine),
    scheduleState: createScheduleStateRepository(db),
    calendars: createCalendarRepository(db, engine),
    maintenanceWindows: createMaintenanceWindowRepository(db, engine),
    gaps: createGapRepository(db, engine),
    executions: createExecutionRepository(db, engine),
    connections: createConnectionRepository(db, engine),
    secrets: createSecretRepository(db),
    runDefinitions: createRunDefinitionRepository(db, engine),
    jobVersions: createJobVersionRepository(db, engine),
    users: createUserRepository(db, engine),
    apiKeys: createApiKeyRepository(db),
    audit: createAuditRepository(db, engine),
    facts: createFactRepository(db),
    statistics: createStatisticsRepository(db, engine),
    notifications: createNotificationRepository(db, engine),
  };
  const store: Store = {
    ...repositories,
    transaction: (work) =>
      db.isTransaction
        ? work(store)
        : db.transaction().execute((transaction) => work(createStore(transaction, engine, close))),
    async check() {
      await db.selectFrom('facts').select('name').where('name', '=', 'check').execute();
    },
    close,
  };
  return store;
}
