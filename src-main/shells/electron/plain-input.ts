import { AppError } from '../../../src-shared/errors';
import type { RawInput } from '../../api/raw-input';

const parts = ['params', 'query', 'body', 'ifMatch'] as const;
const longestTag = 1000;

function jsonOf(value: unknown, part: string, limit: number): unknown {
  if (value === undefined) return undefined;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new AppError('validation_failed', `${part} is no plain data: ${(error as Error).message}`);
  }
  if (text === undefined) throw new AppError('validation_failed', `${part} is no plain data`);
  if (text.length > limit)
    throw new AppError(
      'payload_too_large',
      `${part} holds ${text.length} characters; expected at most ${limit}`,
    );
  return JSON.parse(text);
}

/**
 * What a page sent, as plain JSON data and nothing else: IPC carries maps, dates, cycles and typed arrays as well,
 * which no operation knows. Throws AppError `validation_failed` or `payload_too_large`.
 */
export function plainInput(raw: unknown, limit: number): RawInput {
  if (raw === undefined || raw === null) return {};
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    throw new AppError(
      'validation_failed',
      `a call takes {params, query, body, ifMatch}; this one got ${typeof raw}`,
    );
  }
  const extra = Object.keys(raw).find((key) => !(parts as readonly string[]).includes(key));
  if (extra !== undefined) {
    throw new AppError(
      'validation_failed',
      `a call takes {params, query, body, ifMatch}; this one has "${extra.slice(0, 50)}"`,
    );
  }
  const given = raw as Record<string, unknown>;
  return {
    params: jsonOf(given.params, 'params', 10_000),
    query: jsonOf(given.query, 'query', 100_000),
    body: jsonOf(given.body, 'body', limit),
    ...(given.ifMatch === undefined ? {} : { ifMatch: jsonOf(given.ifMatch, 'ifMatch', longestTag) }),
  };
}
