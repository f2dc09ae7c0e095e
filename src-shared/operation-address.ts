/** The parts of a call, before it is known what they hold. */
export interface CallParts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** The ETag of the state a change is based on. */
  readonly ifMatch?: string;
}

/** Query values as the contract reads them: lists with commas, absent values left out. */
export function queryText(query: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null
      ? []
      : [`${encode(name)}=${encode(Array.isArray(value) ? value.join(',') : String(value))}`],
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** As forms encode it. */
const encode = (text: string): string => encodeURIComponent(text).replace(/%20/g, '+');

/** The address of an operation; every parameter is encoded, so that an id can never become a path. */
export function addressOf(path: string, { params = {}, query = {} }: CallParts): string {
  const filled = path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  return filled + queryText(query);
}
