import { describe, expect, it } from 'vitest';
import { explainSqlServerError } from '../../../src-main/adapters/sql/sqlserver/explain-error';
import {
  mssqlConfig,
  odbcConnectionString,
  type SqlServerTarget,
} from '../../../src-main/adapters/sql/sqlserver/mssql-config';
import { parseServerAddress } from '../../../src-main/adapters/sql/sqlserver/server-address';
import { splitBatches } from '../../../src-main/adapters/sql/sqlserver/split-batches';

const target: SqlServerTarget = {
  driver: 'sqlserver',
  server: 'DB01\\SQLEXPRESS',
  port: 1433,
  database: 'sales',
  trusted_connection: false,
  username: 'app',
  password: 'canary',
  odbc_driver: '{ODBC Driver 17 for SQL Server}',
  encrypt: true,
  trust_server_certificate: false,
  connection_timeout_seconds: 30,
  command_timeout_seconds: 300,
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
      odbc_driver: 'ODBC Driver 18',
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
  ])('%j says what to do', (error, message) => {
    const explained = explainSqlServerError(error, target);
    expect(explained.message).toMatch(message);
    expect(explained.message).not.toContain('canary');
  });
});

it('a script is split at lines that hold only GO', () => {
  expect(splitBatches("SELECT 1\nGO\nSELECT 'GO'\r\n  go 2 -- twice\nGOTO x\n")).toEqual([
    'SELECT 1',
    "SELECT 'GO'",
    "SELECT 'GO'",
    'GOTO x\n',
  ]);
});
