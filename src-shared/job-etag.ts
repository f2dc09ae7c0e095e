import { AppError } from './errors';

/** The ETag of a job: it changes with each save, and with nothing else. `modified_date` is an instant as the API tells it. */
export const etagOf = ({ modified_date }: { readonly modified_date: string }): string => `"${modified_date}"`;

/**
 * The state an `If-Match` names, as a `modified_date`; undefined for `*`, which any state of the job fits. The mark of a
 * weak tag is not looked at: proxies that compress put it there. Throws `validation_failed` for what is no such tag,
 * which it calls by `name`.
 */
export function stateOfIfMatch(ifMatch: string, name = 'If-Match'): string | undefined {
  const text = ifMatch.trim();
  if (text === '*') return undefined;
  const [, tag] = /^(?:W\/)?"([^"]*)"$/.exec(text) ?? [];
  if (tag !== undefined) return tag;
  throw new AppError(
    'validation_failed',
    `${name} is ${text.slice(0, 80)}; expected the ETag that reading the job gave, such as "2026-11-24T08:00:00.000Z" with its quotes, or *`,
  );
}
