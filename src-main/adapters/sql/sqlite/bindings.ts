import { SqlError, type SqlParameter } from '../../../core/ports/sql-client';
import type { SqliteParameter } from '../../persistence/sqlite/open-database';
import { codeOf } from './split-statements';

/** A value as its type says; SQLite itself has only integers, reals, texts and bytes. */
function toParameter({ name, value, type }: SqlParameter): SqliteParameter {
  if (value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (type === undefined) return value;
  const refuse = (expected: string): never => {
    throw new SqlError(`Parameter "${name}" is ${JSON.stringify(String(value))}; ${type} needs ${expected}`, {
      error_class: 'configuration',
    });
  };
  const text = String(value).trim();
  switch (type.toLowerCase().replace(/\(.*/, '')) {
    case 'bigint':
    case 'int':
    case 'smallint':
    case 'tinyint':
      return /^[+-]?\d{1,19}$/.test(text) ? BigInt(text) : refuse('a whole number');
    case 'bit':
      return /^(1|true|yes)$/i.test(text) ? 1 : /^(0|false|no)$/i.test(text) ? 0 : refuse('true or false');
    case 'float':
    case 'real':
    case 'decimal':
    case 'numeric':
    case 'money':
    case 'smallmoney':
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : refuse('a number');
    case 'binary':
    case 'varbinary':
      return value instanceof Uint8Array
        ? value
        : /^0x([0-9a-f]{2})*$/i.test(text)
          ? Buffer.from(text.slice(2), 'hex')
          : refuse('bytes such as 0x00ff');
    default:
      return value instanceof Uint8Array ? value : String(value);
  }
}

/** The parameters this statement names: SQLite refuses ones it does not know. */
export function bindingsOf(
  sql: string,
  parameters: readonly SqlParameter[],
): Record<string, SqliteParameter> {
  const bindings: Record<string, SqliteParameter> = {};
  const code = codeOf(sql);
  for (const parameter of parameters) {
    for (const sign of ['@', ':', '$']) {
      const named = `${sign}${parameter.name}`;
      if (new RegExp(`\\${sign}${parameter.name}\\b`).test(code)) bindings[named] = toParameter(parameter);
    }
  }
  return bindings;
}
