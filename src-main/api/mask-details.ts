import { secretName } from '../core/security/audit-changes';
import type { RawInput } from './raw-input';

const longest = 2000;

function mask(value: unknown, key: string, depth: number): unknown {
  if (secretName.test(key)) return '***';
  if (typeof value === 'string') return value.length > longest ? `${value.slice(0, longest)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 6) return '…';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => mask(item, '', depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, mask(child, name, depth + 1)]),
  );
}

/** A request's query and body for the audit: secrets by name become `***`, YAML only its length, the rest is cut short. */
export function maskDetails(raw: RawInput): Record<string, unknown> {
  const body = raw.body;
  if (typeof body === 'object' && body !== null && 'yaml' in body && typeof body.yaml === 'string') {
    return {
      ...(raw.query ? { query: mask(raw.query, '', 0) } : {}),
      body: { ...(mask({ ...body, yaml: '' }, '', 0) as object), yaml: `${body.yaml.length} characters` },
    };
  }
  return {
    ...(raw.query ? { query: mask(raw.query, '', 0) } : {}),
    ...(body ? { body: mask(body, '', 0) } : {}),
  };
}
