import { type ByteMatcher, createByteMatcher } from './byte-matcher';
import { secretPatterns } from './secret-patterns';

/** What stands where a secret was. */
export const mask = '***';

/** One stream of output, masked as it passes: a secret cut in two by chunks is found too. */
export interface RedactingStream {
  /** What may be shown so far; an end that could begin a secret is held back until more comes. */
  push(chunk: Uint8Array): Uint8Array;
  /** What was held back. */
  end(): Uint8Array;
}

/**
 * Knows the secrets of this process and masks them in everything that leaves a run: output, live stream, logs,
 * errors, metadata. Kept in memory alone.
 */
export interface Redactor {
  /** Replaces what is known of one owner (`secret:token`, `connection:reports`, `job:a`). */
  learn(owner: string, values: readonly string[]): void;
  stream(): RedactingStream;
  text(text: string): string;
  /** A value with all its texts masked, keys too; the same value when there is nothing to mask. */
  value<T>(value: T): T;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const maskBytes = encoder.encode(mask);

function join(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Masks what is found before `end`; tells where the last mask ended, which can be behind `end`. */
function masked(bytes: Uint8Array, matcher: ByteMatcher, end: number): { bytes: Uint8Array; to: number } {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { from, to } of matcher.find(bytes)) {
    if (from >= end) break;
    if (from > at) parts.push(bytes.subarray(at, from));
    parts.push(maskBytes);
    at = to;
  }
  if (at < end) parts.push(bytes.subarray(at, end));
  return { bytes: join(parts), to: Math.max(at, end) };
}

export function createRedactor(): Redactor {
  const owners = new Map<string, readonly Uint8Array[]>();
  let matcher: ByteMatcher | undefined;
  let isStale = false;

  const current = (): ByteMatcher | undefined => {
    if (isStale) {
      const patterns = [...owners.values()].flat();
      matcher = patterns.length === 0 ? undefined : createByteMatcher(patterns);
      isStale = false;
    }
    return matcher;
  };

  const maskText = (text: string): string => {
    const using = current();
    if (!using || text.length < 2) return text;
    const bytes = encoder.encode(text);
    return using.find(bytes).length === 0 ? text : decoder.decode(masked(bytes, using, bytes.length).bytes);
  };

  const maskValue = (value: unknown): unknown => {
    if (typeof value === 'string') return maskText(value);
    if (Array.isArray(value)) return value.map(maskValue);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [maskText(key), maskValue(child)]));
  };

  return {
    learn(owner, values) {
      const patterns = values.flatMap(secretPatterns);
      if (patterns.length === 0 && !owners.has(owner)) return;
      if (patterns.length === 0) owners.delete(owner);
      else owners.set(owner, patterns);
      isStale = true;
    },
    stream() {
      let held: Uint8Array = new Uint8Array();
      return {
        push(chunk) {
          const using = current();
          if (!using && held.length === 0) return chunk;
          const bytes = held.length === 0 ? chunk : join([held, chunk]);
          held = new Uint8Array();
          if (!using) return bytes;
          const open = using.openFrom(bytes);
          const result = masked(bytes, using, open);
          // The caller's buffer may be reused after it returns.
          held = bytes.slice(result.to);
          return result.bytes;
        },
        end() {
          const rest = held;
          held = new Uint8Array();
          const using = current();
          return using ? masked(rest, using, rest.length).bytes : rest;
        },
      };
    },
    text: maskText,
    value: <T>(value: T): T => (current() ? (maskValue(value) as T) : value),
  };
}
