import { masked } from '../core/security/audit-changes';
import type { RawInput } from './raw-input';

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' && Object.keys(value as object).length === 0);

/**
 * A request's query and body for the audit: secrets by name, environment values and logins in addresses become `***`,
 * YAML only its length, long texts are cut short.
 */
export function maskDetails(raw: RawInput): Record<string, unknown> {
  const { query, body } = raw;
  const isYaml = typeof body === 'object' && body !== null && 'yaml' in body && typeof body.yaml === 'string';
  const shown = isYaml
    ? { ...(masked({ ...body, yaml: '' }) as object), yaml: `${String(body.yaml).length} characters` }
    : masked(body);
  return {
    ...(isEmpty(query) ? {} : { query: masked(query) }),
    ...(isEmpty(body) ? {} : { body: shown }),
  };
}
