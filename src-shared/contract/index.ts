import { connections } from './connections';
import { executions } from './executions';
import { jobs } from './jobs';
import { scheduler } from './scheduler';
import { security } from './security';
import { system } from './system';

/** Every operation the product has, in one place. */
export const contract = { jobs, executions, scheduler, connections, system, security };
export type AppContract = typeof contract;
