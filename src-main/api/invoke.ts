import { type AppContract, contract as appContract } from '../../src-shared/contract/index';
import {
  type Contract,
  type Handlers,
  type NamedOperation,
  operations,
  type RawReply,
} from '../../src-shared/contract/operation';
import { AppError, type ErrorBody } from '../../src-shared/errors';
import { scopeOf, scopesPermit } from '../../src-shared/model/scope';
import { roleAtLeast } from '../../src-shared/roles';
import type { Clock } from '../core/ports/clock';
import type { Logger } from '../core/ports/logger';
import { type AuditChange, auditChanges } from '../core/security/audit-changes';
import type { AuditTrail } from '../core/security/audit-trail';
import { actorName, type Principal } from '../core/security/principal';
import { checksTags } from '../core/security/rights';
import { maskDetails } from './mask-details';
import { type ParsedInput, parseInput } from './parse-input';
import type { RawInput } from './raw-input';

/** The caller's circumstances as handlers see them. `principal` is absent only in `public` operations. */
export interface ApiContext {
  readonly principal: Principal | undefined;
  readonly origin: string;
  /** Aborts when the caller has gone before the answer; absent where that can't be told. */
  readonly signal?: AbortSignal;
  /** Something about this call that its audit row is to say. */
  readonly note?: (text: string) => void;
  /** What this call made of a thing; undefined for one that was not there, or is no more. */
  readonly change?: (subject: string, before: unknown, after: unknown) => void;
}

export type InvokeReply =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly body: unknown;
      readonly retryAfterSeconds?: number;
      readonly etag?: string;
    }
  | { readonly kind: 'raw'; readonly status: number; readonly reply: RawReply };

/** The one door: authorise, parse, handle, audit, and turn every error into a body. It never throws. */
export type Invoke = (id: string, raw: RawInput, caller: ApiContext) => Promise<InvokeReply>;

export type ApiHandlers = Handlers<AppContract, ApiContext>;

interface InvokeDeps<C extends Contract> {
  /** The operations; those of the product when absent. */
  readonly contract?: C;
  readonly handlers: Handlers<C, ApiContext>;
  readonly audit: Pick<AuditTrail, 'append'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

type AnyHandler = (input: ParsedInput, context: ApiContext) => Promise<unknown>;

/** What everybody may who came in, whatever else they may not. */
const ofOneself: ReadonlySet<string> = new Set([
  'security.session',
  'security.changePassword',
  'security.sessions',
  'security.endSession',
]);

/** Beside the role: a password that must be changed first, the scopes of a key, rights by tag. */
function checkLimits(named: NamedOperation, { name, must_change, scopes, tags }: Principal): void {
  if (ofOneself.has(named.id)) return;
  if (must_change)
    throw new AppError('forbidden', 'Choose a password of your own first: PUT /api/session/password');
  const { group, kind } = scopeOf(named);
  if (scopes && !scopesPermit(scopes, named))
    throw new AppError(
      'forbidden',
      `This needs the scope ${group}:${kind}; the key "${name}" has ${scopes.join(', ')}`,
    );
  if (tags && kind !== 'read' && !checksTags.has(named.id))
    throw new AppError(
      'forbidden',
      `This concerns more than single jobs; "${name}" may act on jobs with the tags ${tags.map((tag) => `#${tag}`).join(', ')} only`,
    );
}

/** Throws when somebody may not call an operation: `unauthenticated`, `forbidden`. */
export function authorise(named: NamedOperation, caller: Pick<ApiContext, 'principal'>): void {
  const needed = named.operation.role;
  if (needed === 'public') return;
  if (!caller.principal)
    throw new AppError('unauthenticated', 'An API key is needed: X-API-Key or Authorization: Bearer');
  if (!roleAtLeast(caller.principal.role, needed)) {
    throw new AppError(
      'forbidden',
      `This needs the role ${needed}; "${caller.principal.name}" is ${caller.principal.role}`,
    );
  }
  checkLimits(named, caller.principal);
}

/** What a handler told of its call, for the audit. */
interface Said {
  readonly notes: string[];
  readonly changes: { readonly subject: string; readonly fields: readonly AuditChange[] }[];
}

/** What a call was about: the first part of its path; for what was only just made, its new id. */
function subjectOf(params: Readonly<Record<string, unknown>>, said: Said): string | null {
  const [first] = Object.values(params);
  if (first !== undefined) return String(first).slice(0, 200);
  return said.changes.length === 1 ? (said.changes[0]?.subject ?? null) : null;
}

/**
 * Builds the door for all operations of the contract. Every write is audited with its outcome, refusals for
 * want of rights included; what only reads is not, whatever its method. An error that is not an AppError is a bug: it
 * is logged with its stack and the caller sees `internal`.
 */
export function createInvoke<C extends Contract = AppContract>(deps: InvokeDeps<C>): Invoke {
  const byId = new Map(operations(deps.contract ?? appContract).map((named) => [named.id, named]));

  const handlerOf = (id: string): AnyHandler | undefined => {
    const [group = '', name = ''] = id.split('.');
    const groups = deps.handlers as unknown as Record<string, Record<string, AnyHandler> | undefined>;
    return groups[group]?.[name];
  };

  const audit = async (
    named: NamedOperation,
    raw: RawInput,
    caller: ApiContext,
    outcome: 'ok' | 'refused' | 'failed',
    error?: string,
    said: Said = { notes: [], changes: [] },
  ) => {
    if (named.operation.method === 'GET' || named.operation.isReadOnly) return;
    const params = (raw.params ?? {}) as Record<string, unknown>;
    try {
      await deps.audit.append({
        time: deps.clock.now(),
        actor: caller.principal ? actorName(caller.principal) : 'nobody',
        origin: caller.origin,
        action: named.id,
        subject: subjectOf(params, said),
        outcome,
        details: JSON.stringify({
          ...(Object.keys(params).length > 1 ? { params } : {}),
          ...(named.operation.isSensitive ? {} : maskDetails(raw)),
          ...(error ? { error } : {}),
          ...(said.notes.length > 0 ? { notes: said.notes } : {}),
          ...(said.changes.length > 0 ? { changes: said.changes } : {}),
        }),
      });
    } catch (failure) {
      deps.logger.error('the audit row could not be written', { action: named.id, error: String(failure) });
    }
  };

  const refusal = (
    error: unknown,
    id: string,
  ): { status: number; body: ErrorBody; retryAfterSeconds?: number } => {
    if (error instanceof AppError) {
      if (error.code === 'internal')
        deps.logger.error(error.message, { operation: id, cause: String(error.cause) });
      return { status: error.status, body: error.toBody(), retryAfterSeconds: error.retryAfterSeconds };
    }
    const stack = error instanceof Error ? error.stack : String(error);
    deps.logger.error(`operation ${id} failed unexpectedly`, { stack });
    const hidden = new AppError('internal', 'Something went wrong inside the program; its log says what');
    return { status: hidden.status, body: hidden.toBody() };
  };

  return async (id, raw, caller) => {
    const named = byId.get(id);
    const handler = handlerOf(id);
    if (!named || !handler) {
      const unknown = new AppError('not_found', `There is no operation "${id}"`);
      return { kind: 'json', status: unknown.status, body: unknown.toBody() };
    }
    const said: Said = { notes: [], changes: [] };
    try {
      authorise(named, caller);
      const input = parseInput(named, raw);
      const result = await handler(input, {
        ...caller,
        note: (text) => said.notes.push(text),
        change(subject, before, after) {
          said.changes.push({ subject, fields: auditChanges(before, after) });
        },
      });
      await audit(named, raw, caller, 'ok', undefined, said);
      if (named.operation.kind === 'raw')
        return { kind: 'raw', status: named.operation.status ?? 200, reply: result as RawReply };
      const status = named.operation.statusOf?.(result as never) ?? named.operation.status ?? 200;
      const etag = named.operation.etagOf?.(result as never);
      return { kind: 'json', status, body: result, ...(etag === undefined ? {} : { etag }) };
    } catch (error) {
      const refused = refusal(error, id);
      await audit(
        named,
        raw,
        caller,
        refused.status < 500 ? 'refused' : 'failed',
        refused.body.error.message,
        said,
      );
      return { kind: 'json', ...refused };
    }
  };
}
