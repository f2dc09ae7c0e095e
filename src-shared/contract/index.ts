import { audit } from './audit';
import { calendars } from './calendars';
import { connections } from './connections';
import { executions } from './executions';
import { jobKinds } from './job-kinds';
import { jobSources } from './job-sources';
import { jobVersions } from './job-versions';
import { jobs } from './jobs';
import { notifications } from './notifications';
import { schedule } from './schedule';
import { scheduler } from './scheduler';
import { secrets } from './secrets';
import { security } from './security';
import { statistics } from './statistics';
import { store } from './store';
import { system } from './system';
import { users } from './users';

/** Every operation the product has, in one place. */
export const contract = {
  jobs: { ...jobs, ...jobKinds, ...jobVersions, ...jobSources },
  executions,
  schedule,
  calendars,
  scheduler,
  connections,
  system,
  store,
  security: { ...security, ...audit },
  users,
  secrets,
  statistics,
  notifications,
};
export type AppContract = typeof contract;
