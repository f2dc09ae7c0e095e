import type { JobRecord } from '../ports/store';

/** Python writes every attribute, set or not. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, child]) => child !== null)
      .map(([key, child]) => [key, withoutNulls(child)]),
  );
}

/**
 * A configuration as the Python program has stored it: what stands in the row's own columns need not stand in its
 * JSON, and what is not set is null there. Anything that is no object is given back as it is.
 */
export function completeConfiguration(
  configuration: unknown,
  columns: Pick<JobRecord, 'job_id' | 'name' | 'job_type' | 'enabled'>,
): unknown {
  if (typeof configuration !== 'object' || configuration === null || Array.isArray(configuration))
    return configuration;
  const { id: _id, type, ...rest } = withoutNulls(configuration) as Record<string, unknown>;
  const job_type = columns.job_type || String(type ?? rest.job_type ?? '');
  return { ...rest, job_id: columns.job_id, name: columns.name, job_type, enabled: columns.enabled };
}
