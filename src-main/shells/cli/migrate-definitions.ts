import { formatJobDocument, fromConfiguration } from '../../../src-shared/job-document';
import { ConnectionInput } from '../../../src-shared/model/connection';
import type { OldConnection, OldJob } from '../../adapters/persistence/sqlserver/old-program';
import type { Core } from '../../core/core';
import { completeConfiguration } from '../../core/jobs/old-configuration';

/** The job as YAML, or why it can't be. */
export function convertJob(old: OldJob, core: Core): { readonly text: string } | { readonly reason: string } {
  let stored: unknown;
  try {
    stored = JSON.parse(old.configuration);
  } catch (error) {
    return { reason: `its configuration is no JSON: ${(error as Error).message}` };
  }
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored))
    return { reason: 'its configuration is no JSON object' };
  const { definition, issues } = fromConfiguration(completeConfiguration(stored, old), core.jobTypes);
  if (definition) return { text: formatJobDocument(definition) };
  const errors = issues.filter((issue) => issue.severity === 'error');
  return { reason: errors.map((issue) => issue.message).join('; ') || 'it is not understood' };
}

const bits: ReadonlySet<string> = new Set([
  'trusted_connection',
  'encrypt',
  'trust_server_certificate',
  'is_active',
]);
/** What the documentation's table has by itself where nothing is given. */
const presets = { encrypt: false, trust_server_certificate: true };

/**
 * A saved connection, without its password: only the old program can open what it sealed. Or why it can't be. What is
 * not set there has the presets of the old table, not the stricter ones of today: it must go on connecting.
 */
export function convertConnection(old: OldConnection) {
  const fields = Object.keys(ConnectionInput.shape).filter((name) => name !== 'password');
  const given = fields.flatMap((name) => {
    const value = old[name];
    if (value === null || value === undefined) return [];
    return [[name, bits.has(name) ? Number(value) !== 0 : value] as const];
  });
  const parsed = ConnectionInput.safeParse({ ...presets, ...Object.fromEntries(given), password: null });
  const hasPassword = typeof old.password === 'string' && old.password !== '';
  if (parsed.success) return { input: parsed.data, hasPassword };
  const reason = parsed.error.issues
    .map(
      ({ path, message }) =>
        `${path.join('.')} is ${JSON.stringify(old[String(path[0])] ?? null)}: ${message}`,
    )
    .join('; ');
  return { reason };
}
