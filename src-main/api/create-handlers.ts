import type { Core } from '../core/core';
import type { TemplateSource } from '../core/ports/jobs-file';
import type { LogReader } from '../core/ports/logger';
import type { StoreSwitch } from '../core/ports/store-switch';
import type { Access } from '../core/security/access';
import { createAuditHandlers } from './handlers/audit';
import { createCalendarHandlers } from './handlers/calendars';
import { createConnectionHandlers } from './handlers/connections';
import { createExecutionHandlers } from './handlers/executions';
import { createJobSourceHandlers } from './handlers/job-sources';
import { createJobVersionHandlers } from './handlers/job-versions';
import { createJobHandlers } from './handlers/jobs';
import { createNotificationHandlers } from './handlers/notifications';
import { createScheduleHandlers } from './handlers/schedule';
import { createSchedulerHandlers } from './handlers/scheduler';
import { createSecretHandlers } from './handlers/secrets';
import { createSecurityHandlers } from './handlers/security';
import { createStatisticsHandlers } from './handlers/statistics';
import { createStoreHandlers } from './handlers/store';
import { createSystemHandlers, type ProgramFacts } from './handlers/system';
import { createUserHandlers } from './handlers/users';
import type { ApiHandlers } from './invoke';
import { createMetrics } from './metrics';

/** Every operation's handler; a missing one does not compile. */
export function createHandlers(
  core: Core,
  deps: {
    readonly access: Access;
    readonly templates: TemplateSource;
    readonly logs: LogReader;
    readonly version: string;
    readonly program: ProgramFacts;
    readonly storeSwitch: StoreSwitch;
  },
): ApiHandlers {
  return {
    executions: createExecutionHandlers(core, {
      version: deps.version,
      runtime: deps.program.runtime,
      platform: deps.program.platform,
    }),
    jobs: {
      ...createJobHandlers(core, deps.templates),
      ...createJobVersionHandlers(core),
      ...createJobSourceHandlers(core),
    },
    schedule: createScheduleHandlers(core),
    calendars: createCalendarHandlers(core),
    scheduler: createSchedulerHandlers(core),
    connections: createConnectionHandlers(core),
    system: createSystemHandlers(core, { ...deps, metrics: createMetrics(core) }),
    security: { ...createSecurityHandlers(deps.access), ...createAuditHandlers(core) },
    users: createUserHandlers(deps.access.users),
    secrets: createSecretHandlers(core),
    store: createStoreHandlers(deps.storeSwitch),
    statistics: createStatisticsHandlers(core),
    notifications: createNotificationHandlers(core),
  };
}
