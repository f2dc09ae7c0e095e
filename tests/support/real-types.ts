import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNodeHost } from '../../src-main/adapters/host/node-host';
import type { JobType } from '../../src-main/core/job-type';
import { createJobTypeRegistry } from '../../src-main/core/job-type-registry';
import type { Host } from '../../src-main/core/ports/host';
import { createJobTypes } from '../../src-main/job-types';

export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

/** The product's job types, for checking definitions: nothing of them is run. */
export function realTypes(host: Partial<Host> = {}): ReadonlyMap<string, JobType> {
  const nothing = (): never => {
    throw new Error('these types only check definitions');
  };
  return createJobTypeRegistry(
    createJobTypes({
      processRunner: { run: nothing, sweep: nothing },
      sqlClient: { run: nothing, test: nothing, pools: () => [], forget: () => undefined },
      connections: { resolve: nothing },
      reports: { open: nothing },
      environments: { ensure: nothing },
      host: {
        ...createNodeHost({
          jobsFolder: join(projectFolder, 'jobs'),
          temporaryFolder: dirname(projectFolder),
        }),
        ...host,
      },
    }),
  );
}
