import type { z } from 'zod';
import type { ErrorCode } from '../errors';
import type { Role } from '../roles';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A reply that is not JSON: text, bytes, or the live event stream. */
export interface RawReply {
  readonly contentType: string;
  /** A stream is sent as it comes; its size stands in Content-Length. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * One operation of the product, declared once. REST routes, IPC handlers, typed clients, the OpenAPI document,
 * the role table and the security tests are all loops over these objects.
 */
export interface Operation {
  readonly method: HttpMethod;
  /** Path with `:name` parameters, e.g. `/api/jobs/:job_id/run`. */
  readonly path: string;
  /** The least role that may call it; `public` needs no key at all. */
  readonly role: Role | 'public';
  readonly summary: string;
  readonly tag: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The request may come without a body; the schema then sees `{}`. */
  readonly bodyOptional?: boolean;
  /** The body may also be a YAML text (`application/yaml`), read as `{yaml: text}`. */
  readonly acceptsYaml?: boolean;
  /** Largest request body in bytes; 1 MiB unless said. */
  readonly bodyLimit?: number;
  /** Changes nothing, whatever its method: it is a POST for its body alone, and leaves no row in the audit. */
  readonly isReadOnly?: boolean;
  /** The body holds a secret: nothing of it is repeated in messages or in the audit. */
  readonly isSensitive?: boolean;
  /**
   * The call may say which state of the thing it is based on, and is refused with `conflict` when that is past: over
   * HTTP the header If-Match, over IPC and in clients `ifMatch` beside the other parts.
   */
  readonly takesIfMatch?: boolean;
  /** The state an answer tells of: the header ETag over HTTP; undefined when it has none. */
  readonly etagOf?: (body: never) => string | undefined;
  readonly response: z.ZodType;
  /** HTTP status of success; 200 unless said. */
  readonly status?: 200 | 201 | 202;
  /** Where success has more than one status: chooses it by the body. */
  readonly statusOf?: (body: never) => number;
  /** `json` (default), `raw` (handler returns a RawReply), `events` (the shell streams the event bus). */
  readonly kind?: 'json' | 'raw' | 'events';
  readonly errors: readonly ErrorCode[];
}

/** Lets an operation keep its precise types while being checked against `Operation`. */
export function operation<const O extends Operation>(declared: O): O {
  return declared;
}

type Out<S> = S extends z.ZodType ? z.output<S> : Record<string, never>;
type In<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler receives: parsed, defaulted, never raw. */
export interface Input<O extends Operation> {
  readonly params: Out<O['params']>;
  readonly query: Out<O['query']>;
  readonly body: Out<O['body']>;
  /** As it was sent; only where the operation takes it. */
  readonly ifMatch?: string;
}

export type Reply<O extends Operation> = O extends { kind: 'raw' }
  ? RawReply
  : O extends { kind: 'events' }
    ? never
    : z.input<O['response']>;

export type Contract = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** Every operation has a handler; a missing one does not compile. `events` operations belong to the shells. */
export type Handlers<C extends Contract, Context> = {
  readonly [G in keyof C]: {
    readonly [K in keyof C[G] as C[G][K] extends { kind: 'events' } ? never : K]: (
      input: Input<C[G][K]>,
      context: Context,
    ) => Promise<Reply<C[G][K]>>;
  };
};

/** What a caller passes: parts that have no schema are left out. */
export type CallInput<O extends Operation> = (O['params'] extends z.ZodType
  ? { params: In<O['params']> }
  : unknown) &
  (O['query'] extends z.ZodType ? { query?: In<O['query']> } : unknown) &
  (O['body'] extends z.ZodType ? { body?: In<O['body']> } : unknown) &
  (O extends { takesIfMatch: true } ? { ifMatch?: string } : unknown);

export type Client<C extends Contract> = {
  readonly [G in keyof C]: {
    readonly [K in keyof C[G] as C[G][K] extends { kind: 'events' } ? never : K]: (
      input: CallInput<C[G][K]>,
    ) => Promise<C[G][K] extends { kind: 'raw' } ? RawReply : z.output<C[G][K]['response']>>;
  };
};

export interface NamedOperation {
  /** `group.name`, e.g. `jobs.run`; also the IPC channel behind `api:`. */
  readonly id: string;
  readonly operation: Operation;
}

/** All operations in declaration order. */
export function operations(contract: Contract): NamedOperation[] {
  return Object.entries(contract).flatMap(([group, members]) =>
    Object.entries(members).map(([name, op]) => ({ id: `${group}.${name}`, operation: op })),
  );
}
