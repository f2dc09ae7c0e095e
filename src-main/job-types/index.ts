import type { JobType } from '../core/job-type';
import type { ConnectionResolver } from '../core/ports/connection-resolver';
import type { Host } from '../core/ports/host';
import type { ManagedFolders } from '../core/ports/managed-folders';
import type { ProcessRunner } from '../core/ports/process-runner';
import type { ReportWriter } from '../core/ports/report-writer';
import type { SqlClient } from '../core/ports/sql-client';
import { createCommandJobType } from './command';
import { createPowerShellJobType } from './powershell';
import { createPythonJobType } from './python';
import { createSqlJobType } from './sql';
import { createStepsJobType } from './steps';

/** The list of job types: a new kind of job is one folder and one line here. */
export function createJobTypes(deps: {
  readonly processRunner: ProcessRunner;
  readonly sqlClient: SqlClient;
  readonly connections: ConnectionResolver;
  readonly reports: ReportWriter;
  readonly host: Host;
  /** Environments with the packages that Python jobs ask for. */
  readonly environments: ManagedFolders;
  readonly powershellHost?: 'powershell' | 'pwsh';
}): readonly JobType[] {
  const types = [
    createSqlJobType(deps),
    createPowerShellJobType({ ...deps, defaultHost: deps.powershellHost }),
    createPythonJobType(deps),
    createCommandJobType(deps),
  ];
  // Each type's own configuration is checked by its own schema before it is handed back to it.
  const single = types as unknown as readonly JobType[];
  const steps = createStepsJobType(new Map(single.map((type) => [type.type, type])));
  return [...single, steps as unknown as JobType];
}
