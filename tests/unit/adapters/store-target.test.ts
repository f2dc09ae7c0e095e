import { describe, expect, it } from 'vitest';
import { storeTarget } from '../../../src-main/adapters/persistence/sqlserver/store-target';
import { plainBackslashes } from '../../../src-main/adapters/settings/plain-backslashes';
import { Settings } from '../../../src-main/adapters/settings/settings';
import { parseOdbcString } from '../../../src-main/adapters/sql/sqlserver/odbc-string';

const settingsOf = (database: Record<string, unknown>) => Settings.parse({ database }).database;
const ofString = (connection_string: string) => storeTarget(settingsOf({ connection_string }));
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
};

describe('an ODBC connection string', () => {
  it.each([
    ['A=1;B=2', { A: '1', B: '2' }],
    [' A = 1 ; B= 2 ;; ', { A: '1', B: '2' }],
    ['PWD={a;b=c}', { PWD: 'a;b=c' }],
    ['PWD={}}x}}}', { PWD: '}x}' }],
    ['PWD={ two  words };X=1', { PWD: ' two  words ', X: '1' }],
    ['PWD=a=b{c}d;X=', { PWD: 'a=b{c}d', X: '' }],
    ['PWD={"it\'s"};', { PWD: '"it\'s"' }],
    ['', {}],
  ])('%s is read by the rules of ODBC', (text, expected) => {
    const found = parseOdbcString(text).map(({ keyword, value }) => [keyword, value] as const);
    expect(Object.fromEntries(found)).toEqual(expected);
  });

  it.each([
    ['SERVER', 'has no "=" in the part that begins at character 1'],
    ['A=1;B;C=2', 'has no "=" in the part that begins at character 5'],
    ['=x', 'has no keyword before the "=" at character 1'],
    ['PWD={geheim', 'has a "{" at character 5 (PWD) without its "}"'],
    ['PWD={geheim}x;A=1', 'has something after the "}" of PWD at character 13'],
  ])('%s is refused with its place and without its values', (text, expected) => {
    const said = refusal(() => parseOdbcString(text));
    expect(said).toContain(expected);
    expect(said).not.toContain('geheim');
  });
});

describe('the store that the settings name', () => {
  const printed =
    'DRIVER={ODBC Driver 17 for SQL Server};SERVER=DESKTOP-4ADGDVE\\SQLEXPRESS;DATABASE=sreutil;Trusted_Connection=yes';

  it('is the embedded one without a connection', () => {
    expect(storeTarget(settingsOf({}))).toBeUndefined();
  });

  it('is read from the string of the documentation', () => {
    expect(ofString(printed)).toMatchObject({
      warnings: [],
      poolTimeoutSeconds: 30,
      target: {
        server: 'DESKTOP-4ADGDVE\\SQLEXPRESS',
        database: 'sreutil',
        login: { kind: 'windows', odbc_driver: 'ODBC Driver 17 for SQL Server' },
        encrypt: false,
        trust_server_certificate: false,
        max_connections: 30,
      },
    });
  });

  it('is the same whatever the case, order and spelling of keywords', () => {
    const found = ofString(
      'uid=app;server=tcp:db.example,1444;Encrypt=Mandatory;TrustServerCertificate=Yes;database=jobs;driver=ODBC Driver 18 for SQL Server;pwd={p;}}w}',
    );
    expect(found?.target).toMatchObject({
      server: 'tcp:db.example,1444',
      login: { kind: 'sql', username: 'app', password: 'p;}w' },
      encrypt: true,
      trust_server_certificate: true,
    });
  });

  it('is encrypted without a word from driver 18 on', () => {
    const string = (driver: number, more = '') =>
      `DRIVER={ODBC Driver ${driver} for SQL Server};SERVER=h;DATABASE=d;UID=u${more}`;
    expect(ofString(string(18))?.target.encrypt).toBe(true);
    expect(ofString(string(18, ';Encrypt=optional'))?.target.encrypt).toBe(false);
    expect(ofString(string(17))?.target.encrypt).toBe(false);
  });

  it('can be written with single keys', () => {
    const found = storeTarget(
      settingsOf({
        server: 'HOST',
        port: 1500,
        database: 'jobs',
        username: 'u',
        password: 'p',
        encrypt: true,
      }),
    );
    expect(found?.target).toMatchObject({
      server: 'HOST',
      port: 1500,
      login: { kind: 'sql' },
      encrypt: true,
    });
  });

  it('tells of keywords that it passes over, and of those that stand there twice', () => {
    expect(ofString(`${printed};APP=x;Trust_Servercertificate=yes;DATABASE=other`)).toMatchObject({
      target: { database: 'sreutil' },
      warnings: [expect.stringContaining('Trust_Servercertificate'), expect.stringContaining('twice')],
    });
  });

  it.each([
    [
      'DRIVER={ODBC Driver 71 for SQL Server};SERVER=h;DATABASE=d;UID=u',
      'DRIVER is "ODBC Driver 71 for SQL Server"',
    ],
    ['SERVER=h;UID=u;PWD=geheim', 'DATABASE is missing'],
    ['DATABASE=d;UID=u;PWD=geheim', 'SERVER is missing'],
    ['SERVER=h;DATABASE=d;PWD=geheim', 'nobody to log in as'],
    ['SERVER=np:h;DATABASE=d;UID=u', 'only TCP is supported'],
    ['SERVER=h,99999;DATABASE=d;UID=u', 'expected HOST, HOST\\INSTANCE or HOST,PORT'],
    ['DSN=jobs;UID=u;PWD=geheim', 'names a data source'],
    ['SERVER=h;DATABASE=d;UID=u;Encrypt=perhaps', 'encrypt is "perhaps"; expected yes or no'],
    ['SERVER=h;DATABASE=d;Authentication=ActiveDirectoryInteractive', 'expected SqlPassword'],
    ['mssql+pyodbc://u:geheim@h/d', 'is a URL; expected ODBC form'],
  ])('%s is refused, and the password is not shown', (text, expected) => {
    const said = refusal(() => ofString(text));
    expect(said).toContain(expected);
    expect(said).not.toContain('geheim');
  });

  it('is refused when both ways to write it are there, or half of one', () => {
    expect(refusal(() => storeTarget(settingsOf({ connection_string: printed, server: 'h' })))).toContain(
      'both set',
    );
    expect(refusal(() => storeTarget(settingsOf({ database: 'd' })))).toContain('without database.server');
  });
});

describe('backslashes in double quotes', () => {
  it('mean themselves in the two keys that hold a server, and nowhere else', () => {
    const text = [
      'database:',
      '  connection_string: "SERVER=HOST\\new;DATABASE=d"',
      '  server: "HOST\\\\ok" # doubled',
      'logging:',
      '  file: "logs\\t"',
    ].join('\r\n');
    const read = plainBackslashes(text);
    expect(read.lines).toEqual([2]);
    expect(read.text).toContain('"SERVER=HOST\\\\new;DATABASE=d"');
    expect(read.text).toContain('"HOST\\\\ok"');
    expect(read.text).toContain('"logs\\t"');
  });
});
