import mssql from 'mssql';
import { describe, expect, it } from 'vitest';
import { bindParameters } from '../../../src-main/adapters/sql/sqlserver/bind-parameters';
import { exactNumber } from '../../../src-main/adapters/sql/sqlserver/exact-numbers';
import { explainSqlServerError } from '../../../src-main/adapters/sql/sqlserver/explain-error';
import {
  mssqlConfig,
  odbcConnectionString,
  type SqlServerTarget,
} from '../../../src-main/adapters/sql/sqlserver/mssql-config';
import { driverParameter } from '../../../src-main/adapters/sql/sqlserver/parameter-types';
import { parseServerAddress } from '../../../src-main/adapters/sql/sqlserver/server-address';
import { splitBatches } from '../../../src-main/adapters/sql/sqlserver/split-batches';
import type { SqlParameter } from '../../../src-main/core/ports/sql-client';

const target: SqlServerTarget = {
  driver: 'sqlserver',
  server: 'DB01\\SQLEXPRESS',
  port: 1433,
  database: 'sales',
  login: { kind: 'sql', username: 'app', password: 'canary' },
  encrypt: true,
  trust_server_certificate: false,
  connection_timeout_seconds: 30,
  command_timeout_seconds: 300,
  max_connections: 10,
};

describe('the address of a server', () => {
  it.each([
    ['DB01', { host: 'DB01' }],
    ['DB01\\SQLEXPRESS', { host: 'DB01', instance: 'SQLEXPRESS' }],
    ['DB01,1444', { host: 'DB01', port: 1444 }],
    ['tcp:DB01, 1444', { host: 'DB01', port: 1444 }],
    ['DB01\\X,1444', { host: 'DB01', port: 1444 }],
    ['.', { host: 'localhost' }],
    ['(local)\\X', { host: 'localhost', instance: 'X' }],
    ['10.0.0.1', { host: '10.0.0.1' }],
  ])('%s', (text, expected) => {
    expect(parseServerAddress(text)).toEqual({ instance: undefined, port: undefined, ...expected });
  });

  it.each(['np:DB01', 'lpc:DB01', '', 'a\\b\\c', 'DB01,0', 'DB01,99999'])('%j is refused', (text) => {
    expect(() => parseServerAddress(text)).toThrow(/server is "/);
  });
});

describe('a login', () => {
  it('with an instance asks for no port; without one for the port that is given', () => {
    expect(mssqlConfig(target)).not.toHaveProperty('port');
    expect(mssqlConfig(target).options).toMatchObject({
      instanceName: 'SQLEXPRESS',
      encrypt: true,
      trustServerCertificate: false,
    });
    expect(mssqlConfig({ ...target, server: 'DB01', port: 1444 }).port).toBe(1444);
    expect(mssqlConfig({ ...target, server: 'DB01', port: null }).port).toBe(1433);
  });

  it('of Windows is an ODBC string in which no value can break out', () => {
    const text = odbcConnectionString({
      ...target,
      database: 'a};Trusted_Connection=no;x={',
      login: { kind: 'windows', odbc_driver: '{ODBC Driver 18}' },
    });
    expect(text).toBe(
      'Driver={ODBC Driver 18};Server=DB01\\SQLEXPRESS;Database={a}};Trusted_Connection=no;x={};Trusted_Connection=yes;Encrypt=yes;TrustServerCertificate=no',
    );
  });
});

describe('an error of the server', () => {
  it.each([
    [{ number: 18456, message: "Login failed for user 'app'." }, /refused the login "app"/],
    [{ number: 4060, message: 'Cannot open database' }, /database "sales" does not exist on DB01/],
    [{ number: 229, message: 'The SELECT permission was denied' }, /grant it to/],
    [{ number: 208, message: "Invalid object name 'x'." }, /another database or schema than "sales"/],
    [{ code: 'ESOCKET', message: 'connect ECONNREFUSED' }, /can't be reached.*TCP\/IP switched on/],
    [
      { code: 'ESOCKET', message: 'self-signed certificate' },
      /certificate of DB01\\SQLEXPRESS is not trusted/,
    ],
    [{ code: 'EINSTLOOKUP', message: 'not found' }, /SQL Server Browser/],
    [{ code: 'ETIMEOUT', message: 'Timeout' }, /did not answer in time/],
    [
      { message: 'Failed to acquire a connection from the pool: operation timed out for an unknown reason' },
      /DB01\\SQLEXPRESS gave no connection in time: it does not answer, or all connections to it are in use/,
    ],
  ])('%j says what to do', (error, message) => {
    const explained = explainSqlServerError(error, target);
    expect(explained.message).toMatch(message);
    expect(explained.message).not.toContain('canary');
  });

  it.each([
    [{ code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 10.0.0.1:1433' }, 'connection'],
    [{ code: 'ESOCKET', message: 'Failed to connect' }, 'connection'],
    [{ code: 'ETIMEOUT', message: 'Failed to connect in 15000ms' }, 'connection'],
    [{ code: 'ETIMEOUT', message: 'Timeout: Request failed to complete in 15000ms' }, 'sql'],
    [{ message: 'operation timed out for an unknown reason' }, 'connection'],
    [{ number: 18401, message: 'Server is in script upgrade mode' }, 'connection'],
    [{ number: 4060, message: 'Cannot open database' }, 'connection'],
    // Tried again, it could lock the account.
    [{ code: 'ELOGIN', number: 18456, message: 'Login failed for user' }, 'configuration'],
    [{ code: 'ESOCKET', message: 'self-signed certificate' }, 'configuration'],
    [{ number: 1205, message: 'deadlock' }, 'sql'],
    [{ number: 208, message: 'Invalid object name' }, 'sql'],
  ])('%j is of the class %s, for retry_on', (error, error_class) => {
    expect(explainSqlServerError(error, target).error_class).toBe(error_class);
  });
});

describe('a script', () => {
  it('is split at lines that hold only GO, and knows where each part begins', () => {
    expect(splitBatches("SELECT 1\nGO\nSELECT 'GO'\r\n  go 2 -- twice\nGOTO x\n")).toEqual([
      { text: 'SELECT 1\n', first_line: 1, times: 1 },
      { text: "SELECT 'GO'\r\n", first_line: 3, times: 2 },
      { text: 'GOTO x\n', first_line: 5, times: 1 },
    ]);
  });

  it('is not split in strings, quoted names and comments', () => {
    const text = "SELECT '\nGO\n', [\nGO\n] /* a /* b\nGO\n*/\nGO\n*/ -- GO\n";
    expect(splitBatches(text)).toEqual([{ text, first_line: 1, times: 1 }]);
  });

  it('leaves out parts without a statement', () => {
    expect(splitBatches('GO\n-- nothing\nGO\n\nGO 3\nSELECT 1\nGO 0\nGO\n')).toEqual([]);
    expect(splitBatches('GO\nSELECT 1')).toEqual([{ text: 'SELECT 1', first_line: 2, times: 1 }]);
  });
});

describe('parameters', () => {
  const day: SqlParameter = { name: 'day', value: '2026-11-24', direction: 'in' };
  const n: SqlParameter = { name: 'n', value: 5, direction: 'in' };

  it('are found by @name and :name, and only where they are code', () => {
    expect(
      bindParameters("SELECT @Day, :n, ':n', [:n], t::day, @@day, @days -- :day\n/* @n */", [day, n]),
    ).toEqual({
      text: "SELECT @Day, @n, ':n', [:n], t::day, @@day, @days -- :day\n/* @n */",
      parameters: [day, n],
    });
  });

  it('that a batch does not name are not sent with it', () => {
    expect(bindParameters('SELECT 1', [day, n]).parameters).toEqual([]);
  });

  it('of a type take only what fits it', () => {
    const bound = (type: string, value: string | number | boolean | null) =>
      driverParameter({ name: 'p', value, type, direction: 'in' }, mssql).value;
    expect(bound('date', '2026-11-24')).toEqual(new Date('2026-11-24T00:00:00Z'));
    expect(bound('datetime2(3)', '2026-11-24 08:30:00.125')).toEqual(new Date('2026-11-24T08:30:00.125Z'));
    expect(bound('datetimeoffset', '2026-11-24T08:30+02:00')).toEqual(new Date('2026-11-24T06:30:00Z'));
    expect(bound('decimal(38,10)', '12345678901234567890.5')).toBe('12345678901234567890.5');
    expect(bound('varbinary(max)', '0x00ff')).toEqual(Buffer.from([0, 255]));
    expect(bound('bit', 'true')).toBe(true);
    expect(bound('int', null)).toBeNull();
    expect(() => bound('int', 'x')).toThrow('Parameter "p" is "x"; int needs a number');
    expect(() => bound('date', '24.11.2026')).toThrow(/needs a date such as 2026-11-24/);
    expect(() => bound('bigint', '1.5')).toThrow(/needs a whole number/);
  });
});

it('decimals keep the digits that a double does not hold', () => {
  const bytes = Buffer.from([17, 0, ...Array.from({ length: 16 }, () => 0xff)]);
  expect(exactNumber(bytes, 0, 'DecimalN', 2)).toBe('-3402823669209384634633746074317682114.55');
  expect(exactNumber(Buffer.from([5, 1, 5, 0, 0, 0]), 0, 'NumericN', 3)).toBe('0.005');
  const money = Buffer.from([8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
  expect(exactNumber(money, 0, 'MoneyN', 4)).toBe('-0.0001');
});
