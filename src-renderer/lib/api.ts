import { createClient } from '../../src-shared/client';
import { contract } from '../../src-shared/contract/index';
import { AppError } from '../../src-shared/errors';
import { desktop } from './desktop';
import { createHttpTransport } from './http-transport';
import { createIpcTransport } from './ipc-transport';
import { useConnection } from './live';

/** Every operation of the program, typed by the contract: `await api.jobs.list({ query: { limit: 50 } })`. */
export const api = createClient(
  contract,
  desktop
    ? createIpcTransport(desktop)
    : createHttpTransport(() => useConnection.getState().set('signed_out')),
);

/** What a person reads of a failed call. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isForbidden(error: unknown): boolean {
  return error instanceof AppError && error.code === 'forbidden';
}

export function isNotFound(error: unknown): boolean {
  return error instanceof AppError && error.code === 'not_found';
}
