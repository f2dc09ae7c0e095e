import type { ISqlType } from 'mssql';
import { SqlError, type SqlParameter, type SqlValue } from '../../../core/ports/sql-client';
import { isExactNumber } from '../../../core/sql/value-text';

type Mssql = typeof import('mssql');

/** A parameter as the driver binds it; without a type the driver tells it by the value. */
export interface DriverParameter {
  readonly type: ISqlType | (() => ISqlType) | undefined;
  readonly value: unknown;
}

const instant =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const clock = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/;

/** Date texts as they stand: the server's dates have no zone, so the machine's must not creep in. */
function toDate(value: SqlValue, complain: (expected: string) => never): Date | null {
  if (value === null || value instanceof Date) return value;
  const text = String(value).trim();
  const match = instant.exec(text);
  if (!match) return complain('a date such as 2026-11-24 or 2026-11-24 08:30:00');
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  const offset = zone === 'Z' ? zone : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${offset}`);
  return Number.isNaN(date.getTime()) ? complain('a date that exists') : date;
}

function toTime(value: SqlValue, complain: (expected: string) => never): Date | null {
  if (value === null || value instanceof Date) return value;
  const match = clock.exec(String(value).trim());
  if (!match) return complain('a time such as 08:30 or 08:30:15.5');
  const [, hour = '', minute, second = '00', fraction = ''] = match;
  return new Date(
    `1970-01-01T${hour.padStart(2, '0')}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`,
  );
}

function toBytes(value: SqlValue, complain: (expected: string) => never): Buffer | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value);
  const match = /^0x((?:[0-9a-f]{2})*)$/i.exec(String(value).trim());
  return match ? Buffer.from(match[1] ?? '', 'hex') : complain('bytes such as 0x00ff');
}

function toNumber(value: SqlValue, complain: (expected: string) => never): number | null {
  if (value === null) return null;
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : complain('a number');
}

function toBit(value: SqlValue, complain: (expected: string) => never): boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  const text = String(value).trim().toLowerCase();
  if (['1', 'true', 'yes'].includes(text)) return true;
  return ['0', 'false', 'no'].includes(text) ? false : complain('true or false');
}

/** What T-SQL writes as `decimal(10,2)` as a type of the driver, and the value as that type takes it. */
export function driverParameter(parameter: SqlParameter, sql: Mssql): DriverParameter {
  const { name, value, type } = parameter;
  if (type === undefined) return { type: undefined, value };
  const [, word = '', size, scale] =
    /^([a-z0-9]+)(?:\(\s*(\d+|max)\s*(?:,\s*(\d+)\s*)?\))?$/i.exec(type.trim()) ?? [];
  const complain = (expected: string): never => {
    throw new SqlError(`Parameter "${name}" is ${JSON.stringify(value)}; ${type} needs ${expected}`, {
      error_class: 'configuration',
    });
  };
  const length = size?.toLowerCase() === 'max' ? sql.MAX : size === undefined ? undefined : Number(size);
  const text = value === null ? null : typeof value === 'string' ? value : String(value);
  switch (word.toLowerCase()) {
    case 'bigint':
      return {
        type: sql.BigInt,
        value: text !== null && !/^[+-]?\d+$/.test(text) ? complain('a whole number') : text,
      };
    case 'int':
      return { type: sql.Int, value: toNumber(value, complain) };
    case 'smallint':
      return { type: sql.SmallInt, value: toNumber(value, complain) };
    case 'tinyint':
      return { type: sql.TinyInt, value: toNumber(value, complain) };
    case 'bit':
      return { type: sql.Bit, value: toBit(value, complain) };
    case 'float':
      return { type: sql.Float, value: toNumber(value, complain) };
    case 'real':
      return { type: sql.Real, value: toNumber(value, complain) };
    case 'money':
    case 'smallmoney':
    case 'decimal':
    case 'numeric': {
      const number = toNumber(value, complain);
      // The driver calculates with doubles; more digits than they hold travel as text and are read by the server.
      if (text !== null && !isExactNumber(text) && parameter.direction === 'in')
        return { type: sql.VarChar(50), value: text };
      if (word.toLowerCase() === 'money') return { type: sql.Money, value: number };
      if (word.toLowerCase() === 'smallmoney') return { type: sql.SmallMoney, value: number };
      const precision = size === undefined ? 18 : Number(size);
      return { type: sql.Decimal(precision, scale === undefined ? 0 : Number(scale)), value: number };
    }
    case 'date':
      return { type: sql.Date, value: toDate(value, complain) };
    case 'datetime':
      return { type: sql.DateTime, value: toDate(value, complain) };
    case 'smalldatetime':
      return { type: sql.SmallDateTime, value: toDate(value, complain) };
    case 'datetime2':
      return { type: sql.DateTime2(length ?? 7), value: toDate(value, complain) };
    case 'datetimeoffset':
      return { type: sql.DateTimeOffset(length ?? 7), value: toDate(value, complain) };
    case 'time':
      return { type: sql.Time(length ?? 7), value: toTime(value, complain) };
    case 'binary':
    case 'varbinary':
      return { type: sql.VarBinary(length ?? sql.MAX), value: toBytes(value, complain) };
    case 'char':
      return { type: sql.Char(length ?? 1), value: text };
    case 'nchar':
      return { type: sql.NChar(length ?? 1), value: text };
    case 'varchar':
      return { type: sql.VarChar(length ?? sql.MAX), value: text };
    case 'text':
      return { type: sql.VarChar(sql.MAX), value: text };
    case 'uniqueidentifier':
      return { type: sql.UniqueIdentifier, value: text };
    default:
      // nvarchar, ntext, xml
      return { type: sql.NVarChar(length ?? sql.MAX), value: text };
  }
}
