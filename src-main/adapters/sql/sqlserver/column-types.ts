import type { ResultColumn, ResultColumnType } from '../../../../src-shared/model/sql-result';
import type { SqlValue } from '../../../core/ports/sql-client';

/** What the driver tells of a column. */
export interface DriverColumn {
  readonly name: string;
  readonly type?:
    | { readonly declaration?: string }
    | (() => { readonly type?: { readonly declaration?: string } });
  readonly scale?: number;
}

const kinds: Readonly<Record<string, ResultColumnType>> = {
  bigint: 'integer',
  int: 'integer',
  smallint: 'integer',
  tinyint: 'integer',
  decimal: 'decimal',
  numeric: 'decimal',
  money: 'decimal',
  smallmoney: 'decimal',
  float: 'float',
  real: 'float',
  bit: 'boolean',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  datetime2: 'datetime',
  smalldatetime: 'datetime',
  datetimeoffset: 'instant',
  binary: 'binary',
  varbinary: 'binary',
  image: 'binary',
  udt: 'binary',
  geography: 'binary',
  geometry: 'binary',
  sql_variant: 'unknown',
  variant: 'unknown',
};

function declarationOf({ type }: DriverColumn): string {
  return (type as { readonly declaration?: string } | undefined)?.declaration ?? '';
}

/** The server sends FOR JSON and FOR XML as text under a name of its own. */
function readableName(name: string): string {
  if (name.startsWith('JSON_F52E2B61')) return 'JSON';
  return name.startsWith('XML_F52E2B61') ? 'XML' : name;
}

export function resultColumn(column: DriverColumn): ResultColumn {
  const declaration = declarationOf(column);
  return {
    name: readableName(column.name ?? ''),
    type: kinds[declaration] ?? (declaration === '' ? 'unknown' : 'text'),
  };
}

/** Turns a driver's value into ours, without loss. Undefined: values of this column are right as they come. */
export function valueReader(column: DriverColumn): ((value: unknown) => SqlValue) | undefined {
  switch (declarationOf(column)) {
    case 'bigint':
      return (value) => {
        if (typeof value !== 'string') return value as SqlValue;
        const number = Number(value);
        return Number.isSafeInteger(number) ? number : BigInt(value);
      };
    case 'decimal':
    case 'numeric':
      return (value) => (typeof value === 'number' ? value.toFixed(column.scale ?? 0) : (value as SqlValue));
    case 'money':
    case 'smallmoney':
      return (value) => (typeof value === 'number' ? value.toFixed(4) : (value as SqlValue));
    default:
      return undefined;
  }
}
