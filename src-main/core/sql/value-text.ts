import type { ResultCell, ResultColumnType } from '../../../src-shared/model/sql-result';
import type { SqlValue } from '../ports/sql-client';

/** Digits behind the milliseconds that the driver hands over beside a Date (SQL Server keeps seven). */
function fraction(value: Date): string {
  const rest = (value as Date & { readonly nanosecondsDelta?: number }).nanosecondsDelta;
  const milliseconds = String(value.getUTCMilliseconds()).padStart(3, '0');
  const ticks = rest ? String(Math.round(rest * 1e7)).padStart(4, '0') : '';
  const digits = `${milliseconds}${ticks}`.replace(/0+$/, '');
  return digits === '' ? '' : `.${digits}`;
}

/** A date as its column means it: SQL Server's dates have no zone, so none is made up. */
function dateText(value: Date, type: ResultColumnType): string {
  if (Number.isNaN(value.getTime())) return '';
  const [day = '', time = ''] = value.toISOString().split('T');
  const clock = `${time.slice(0, 8)}${fraction(value)}`;
  switch (type) {
    case 'date':
      return day;
    case 'time':
      return clock;
    case 'datetime':
      return `${day} ${clock}`;
    default:
      return `${day}T${clock}Z`;
  }
}

function hex(bytes: Uint8Array): string {
  let text = '0x';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** A value as text without loss; NULL has no text of its own and is the caller's matter. */
export function valueText(value: Exclude<SqlValue, null>, type: ResultColumnType): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return dateText(value, type);
  if (value instanceof Uint8Array) return hex(value);
  return String(value);
}

/** Whether a double holds the number exactly as it is written, so that it may travel as a number. */
export function isExactNumber(digits: string): boolean {
  return digits.replace(/[-+.]/g, '').replace(/^0+/, '').length <= 15;
}

/** A value as JSON can carry it; see `ResultCell`. */
export function valueCell(value: SqlValue, type: ResultColumnType): ResultCell {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') {
    return (type === 'decimal' || type === 'integer') && isExactNumber(value) && value !== ''
      ? Number(value)
      : value;
  }
  return valueText(value, type);
}
