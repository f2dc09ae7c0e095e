import type { AuditRecord } from '../ports/store';

const columns = [
  'audit_id',
  'time',
  'actor',
  'origin',
  'action',
  'subject',
  'outcome',
  'details',
  'hash',
] as const;

/** A spreadsheet runs what begins like a formula: an apostrophe in front makes it a text (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value);
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The heading line, behind the mark by which Excel knows UTF-8. */
export const auditCsvHead = `\ufeff${columns.join(',')}\r\n`;

/** Rows of the audit as lines of RFC 4180. */
export function auditCsv(rows: readonly AuditRecord[]): string {
  return rows
    .map((row) => ({ ...row, time: new Date(row.time).toISOString() }))
    .map((row) => `${columns.map((column) => cell(row[column])).join(',')}\r\n`)
    .join('');
}
