import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  definitionFromJson,
  editJobDocument,
  formatJobDocument,
  formatJobsFile,
  parseJobDocument,
  parseJobsFile,
  toConfiguration,
  withJobId,
} from '../../../src-shared/job-document';
import type { Issue } from '../../../src-shared/model/issue';
import { projectFolder, realTypes } from '../../support/real-types';

const types = realTypes();
const read = (...path: string[]) => readFileSync(join(projectFolder, ...path), 'utf8');
const errors = (issues: readonly Issue[]) => issues.filter((issue) => issue.severity === 'error');

const command = (more = '') => `id: a
name: A
type: command
command: node
${more}`;

describe('the file printed in the documentation', () => {
  const file = parseJobsFile(read('tests', 'fixtures', 'specification-jobs.yaml'), types);

  it('gives all four jobs', () => {
    expect(errors(file.issues)).toEqual([]);
    expect(file.jobs.map((job) => [job.job_id, job.definition?.job_type])).toEqual([
      ['daily_sales_report', 'sql'],
      ['system_cleanup', 'powershell'],
      ['data_processing', 'python'],
      ['backup_files', 'command'],
    ]);
  });

  it('warns, with line and column, of what will not do what it says', () => {
    const told = file.issues.map((issue) => issue.message);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/DATE\(\.\.\.\) is not T-SQL/),
        expect.stringMatching(/slack is empty: in YAML "#" begins a comment/),
        expect.stringMatching(/robocopy: its exit codes 1-7 mean success/),
      ]),
    );
    for (const issue of file.issues) {
      expect(issue.severity).toBe('warning');
      expect(issue.line).toBeGreaterThan(1);
      expect(issue.column).toBeGreaterThan(0);
    }
  });
});

describe('the samples and templates', () => {
  it('are all valid', () => {
    const { jobs, issues } = parseJobsFile(read('jobs', 'job_config.yaml'), types);
    expect(issues).toEqual([]);
    expect(jobs.every((job) => job.definition)).toBe(true);
  });

  it.each(readdirSync(join(projectFolder, 'jobs', 'templates')))('%s', (name) => {
    const text = read('jobs', 'templates', name);
    const { definition, issues } = parseJobDocument(text, types);
    expect(errors(issues)).toEqual([]);
    expect(definition).toBeDefined();
    expect(text).toMatch(/^# title: .+\n# description: .+\n/);
  });

  it('cover every type', () => {
    const used = readdirSync(join(projectFolder, 'jobs', 'templates')).map(
      (name) => parseJobDocument(read('jobs', 'templates', name), types).definition?.job_type,
    );
    expect(new Set(used)).toEqual(new Set(types.keys()));
  });
});

describe('a job that can not be used', () => {
  it('is reported at its place while the others load', () => {
    const { jobs, issues } = parseJobsFile(
      `version: '2.0'
jobs:
  - id: good
    name: Good
    type: command
    command: node
  - id: bad
    name: Bad
    type: command
    command: node
    schedule:
      type: cron
      cron_params:
        hour: 25
  - id: also_good
    name: Also good
    type: command
    command: node
`,
      types,
    );
    expect(jobs.map((job) => job.definition?.job_id)).toEqual(['good', undefined, 'also_good']);
    expect(issues).toEqual([
      {
        path: 'jobs[1].schedule.cron_params.hour',
        message: 'Job "bad": schedule.cron_params.hour is 25; expected 0-23 (line 14)',
        line: 14,
        column: 15,
        severity: 'error',
      },
    ]);
  });

  it.each([
    ['no id', 'name: A\ntype: command\ncommand: node\n', /id/],
    ['an id that leads out of its folder', command().replace('id: a', 'id: ../../etc/passwd'), /id/],
    ['the name of a device', command().replace('id: a', 'id: CON'), /device name/],
    ['an unknown type', command().replace('type: command', 'type: comand'), /did you mean "command"/],
    ['a misspelt key', command('timout: 5\n'), /unknown key "timout".*did you mean "timeout"/],
    ['a number where a text stands', command('timeout: soon\n'), /timeout is "soon"/],
    ['a negative limit', command('timeout: -5\n'), /timeout is -5/],
    ['two different ids', `job_id: b\n${command()}`, /id/],
    ['an id used twice', undefined, /used before, on line 3/],
    ['an unquoted step', command('schedule:\n  type: cron\n  cron_params:\n    minute: */15\n'), /quote/],
    ['a Windows path in double quotes', command('working_directory: "C:\\Scripts\\x"\n'), /single quotes/],
    ['a tab', 'id: a\nname: A\n\ttype: command\n', /tab/i],
    ['a key given twice', command('name: B\n'), /twice|duplicate/i],
    ['a blocked variable', command('environment:\n  LD_PRELOAD: /tmp/x.so\n'), /LD_PRELOAD/],
    ['neither script_path nor script_content', 'id: a\nname: A\ntype: python\n', /script_path/],
  ])('%s', (_what, text, message) => {
    const issues =
      text === undefined
        ? parseJobsFile(
            `jobs:\n${['a', 'a'].map((id) => `\n  - {id: ${id}, name: A, type: command, command: x}`).join('')}`,
            types,
          ).issues
        : parseJobDocument(text, types).issues;
    const [first] = errors(issues);
    expect(first?.message).toMatch(message);
    expect(first?.line).toBeGreaterThan(0);
    expect(first?.column).toBeGreaterThan(0);
  });

  it('has all its mistakes told, not only the first', () => {
    const { issues } = parseJobDocument(command('timeout: -1\nmax_retries: many\nenabled: maybe\n'), types);
    expect(errors(issues)).toHaveLength(3);
  });
});

describe('old files', () => {
  it('may say yes and no, and are told to say true and false', () => {
    const { definition, issues } = parseJobDocument(command('enabled: no\ncoalesce: yes\n'), types);
    expect(definition).toMatchObject({ enabled: false, coalesce: true });
    expect(issues.map((issue) => issue.severity)).toEqual(['warning', 'warning']);
  });

  it.each(['\uFEFF', ''])('may begin with %j and end their lines the way Windows does', (mark) => {
    const { definition } = parseJobDocument(mark + command().replace(/\n/g, '\r\n'), types);
    expect(definition?.job_id).toBe('a');
  });
});

describe('hostile texts', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, index) => {
      const before = 'abcdefgh'[index];
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`;
    }),
  ].join('\n');
  const cases: readonly (readonly [string, string])[] = [
    ['an alias bomb', bomb],
    [
      '2,000 merges',
      `base: &b {x: 1}\n${Array.from({ length: 2000 }, (_, i) => `k${i}: {<<: *b}`).join('\n')}`,
    ],
    ['100,000 levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a function', 'id: !!js/function "function () {}"'],
    ['an object of Python', 'id: !!python/object/apply:os.system ["id"]'],
    ['__proto__', '__proto__: {polluted: true}\nid: a'],
    ['constructor', 'constructor: {prototype: {polluted: true}}\nid: a'],
    ['an endless number', command('timeout: 1e999')],
    ['not a number', command('timeout: .nan')],
    ['infinity', command('retry_delay: .inf')],
    ['UTF-16', Buffer.from(command(), 'utf16le').toString('latin1')],
    ['NUL', 'id: a\u0000b'],
    ['nothing but a colon', ':'],
    ['an unclosed quote', 'id: "a'],
    ['an unknown alias', 'id: *nowhere'],
    ['a second document', `${command()}---\n${command()}`],
    ['a list', '- 1\n- 2'],
    ['a number', '42'],
    ['two megabytes', `id: a\nname: ${'x'.repeat(2_000_000)}\n`],
  ];

  it.each(cases)('%s is refused with line and column, and pollutes nothing', (_what, text) => {
    for (const issues of [parseJobDocument(text, types).issues, parseJobsFile(text, types).issues]) {
      const [first] = errors(issues);
      expect(first?.line).toBeGreaterThan(0);
      expect(first?.column).toBeGreaterThan(0);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  /** mulberry32: small, and the same on every machine. */
  function random(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }
  const seed = Number(process.env.FUZZ_SEED ?? 20261124);
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ':',
    '- ',
    '&a ',
    '*a',
    '!!x ',
    '"',
    "'",
    '\t',
    '#',
    '|',
    '>',
    '%',
    '\u0000',
    '\u2028',
    '999999999999',
    '<<: ',
    '__proto__: ',
    '\r',
    '? ',
    '---\n',
    'null',
    '.inf',
    '~',
  ];

  it(`1,000 mutated YAML texts give issues with a place, never an exception (seed ${seed})`, () => {
    const next = random(seed);
    const source = read('tests', 'fixtures', 'specification-jobs.yaml');
    for (let round = 0; round < 1000; round += 1) {
      let text = source;
      for (let cut = 0; cut < 1 + next() * 4; cut += 1) {
        const at = Math.floor(next() * text.length);
        const piece = pieces[Math.floor(next() * pieces.length)] ?? '';
        text = text.slice(0, at) + piece + text.slice(at + Math.floor(next() * 6));
      }
      const { jobs, issues } = parseJobsFile(text, types);
      if (jobs.some((job) => !job.definition) || jobs.length === 0) expect(issues.length).toBeGreaterThan(0);
      for (const issue of issues) expect(issue.line, `${issue.message}\n${text}`).toBeGreaterThan(0);
    }
  });

  it(`1,000 mutated JSON values give issues, never an exception (seed ${seed})`, () => {
    const next = random(seed + 1);
    const strange = [null, -1, 1e308, '', '\u0000', [], {}, [[[]]], true, 'x'.repeat(300), { a: 1 }, 0.1];
    const { jobs } = parseJobsFile(read('jobs', 'job_config.yaml'), types);
    for (let round = 0; round < 1000; round += 1) {
      const job = jobs[round % jobs.length]?.definition;
      if (!job) throw new Error('a sample is not valid');
      const value = structuredClone(toConfiguration(job));
      const keys = [...Object.keys(value), 'x', 'constructor'];
      for (let change = 0; change < 1 + next() * 3; change += 1) {
        value[keys[Math.floor(next() * keys.length)] ?? 'x'] = strange[Math.floor(next() * strange.length)];
      }
      const { definition, issues } = definitionFromJson(value, types);
      if (!definition) expect(errors(issues).length, JSON.stringify(value)).toBeGreaterThan(0);
    }
  });
});

describe('the id of a job whose text names none', () => {
  it.each([
    ['a block', 'name: A\ntype: command\n', 'id: a\nname: A\ntype: command\n'],
    ['a number', 'name: A\n', "id: '007'\nname: A\n", '007'],
    ['braces', '{name: A, type: command} # why\n', '{ name: A, type: command, id: a } # why\n'],
    ['one that is there', 'name: A\nid: b\n', 'name: A\nid: b\n'],
    ['one in braces', '{id: b, name: A}\n', '{id: b, name: A}\n'],
    ['one in quotes', '"id": b\nname: A\n', '"id": b\nname: A\n'],
    ['JSON', '{"job_id": "b", "name": "A"}', '{"job_id": "b", "name": "A"}'],
    ['a file of jobs in braces', '{jobs: [{id: b}]}', '{jobs: [{id: b}]}'],
    ['a text that can not be read', '{name: A', '{name: A'],
    ['no mapping', '- a\n', '- a\n'],
  ])('is put where it belongs: %s', (_what, text, expected, job_id = 'a') => {
    expect(withJobId(text, job_id)).toBe(expected);
  });
});

describe('writing', () => {
  const samples = () => {
    const { jobs } = parseJobsFile(read('jobs', 'job_config.yaml'), types);
    return jobs.flatMap((job) => (job.definition ? [{ definition: job.definition, text: job.text }] : []));
  };

  it('keeps a job the same through its own text', () => {
    for (const { definition, text } of samples()) {
      expect(parseJobDocument(text, types).definition).toEqual(definition);
      expect(parseJobDocument(formatJobDocument(definition), types).definition).toEqual(definition);
    }
  });

  it('keeps all jobs, and their comments, the same through a file of many', () => {
    const before = samples();
    const file = formatJobsFile(before.map(({ text }) => text));
    const after = parseJobsFile(file, types);
    expect(errors(after.issues)).toEqual([]);
    expect(after.jobs.map((job) => job.definition)).toEqual(before.map(({ definition }) => definition));
    expect(file).toContain('No shell is involved');
    expect(after.jobs.map((job) => job.text)).toEqual(before.map(({ text }) => text));
  });

  it('puts the id first and code in blocks of lines', () => {
    const definition = parseJobDocument(
      JSON.stringify({
        type: 'sql',
        name: 'Q',
        id: 'q',
        connection: { driver: 'sqlite', database: 'x.db' },
        query: 'SELECT 1\nFROM x\n',
      }),
      types,
    ).definition;
    if (!definition) throw new Error('not valid');
    expect(formatJobDocument(definition)).toMatch(/^id: q\nname: Q\ntype: sql\nenabled: true\n/);
    const twice = { weeks: 2 };
    const same = { type: 'interval', interval_params: twice } as const;
    const text = formatJobDocument({ ...definition, schedule: [same, { ...same }] as never });
    // What stands twice is written twice: anchors would be words of nobody.
    expect(text.match(/weeks: 2/g)).toHaveLength(2);
    expect(text).not.toMatch(/[&*]ref/);
    expect(formatJobDocument(definition)).toContain('query: |\n  SELECT 1\n  FROM x\n');
  });

  it('changes one key and leaves every comment and odd spacing as it was', () => {
    const text =
      '# top\nid: a   # the id\nname:  A\ntype: command\ncommand: node\nenabled: true # on\narguments: [ "x",\n  y ]\n';
    expect(editJobDocument(text, { enabled: false })).toBe(
      text.replace('enabled: true # on', 'enabled: false # on'),
    );
    expect(editJobDocument(text, { job_id: 'b' })).toBe(text.replace('id: a ', 'id: b '));
    const added = editJobDocument(text, { timeout: 30 });
    expect(parseJobDocument(added, types).definition).toMatchObject({
      timeout: 30,
      config: { arguments: ['x', 'y'] },
    });
    expect(added).toContain('# the id');
  });

  it.each(['yes', 'null', '5', 'a: b', '# x', "it's", 'two\nlines', ' lead', '', '- x', '\u00e9\u4e2d'])(
    'keeps the name %j a text',
    (name) => {
      const changed = editJobDocument(command(), { description: name });
      expect(parseJobDocument(changed, types).definition?.description ?? '').toBe(name);
    },
  );
});

describe('what was probably meant', () => {
  const messages = (more: string) =>
    parseJobDocument(command(more), types).issues.map(({ message }) => message.replace('Job "a": ', ''));

  it.each([
    [
      'schedule: "*/5 * * * *"',
      'schedule is "*/5 * * * *"; expected a mapping with type: cron, interval or date ({type: cron, expression: "*/5 * * * *"}) (line 5)',
    ],
    ['schedule: {type: cron, cron: "0 2 * * *"}', 'unknown key "cron"; did you mean "expression"? (line 5)'],
    [
      'schedule: {type: interval, interval_params: {minute: 5}}',
      'unknown key "minute"; did you mean "minutes"? (line 5)',
    ],
    [
      'notifications: {on_failure: [{emial: ops@example.com}]}',
      'unknown key "emial"; did you mean "email"? (line 5)',
    ],
    ['retry_backoff: {typ: fixed}', 'unknown key "typ"; did you mean "type"? (line 5)'],
    ['arguments: -a -b', 'arguments is "-a -b"; expected a list (in YAML: [one, two]) (line 5)'],
    [
      'retry_backoff: slowly',
      'retry_backoff is "slowly"; expected "fixed" or "exponential" or a mapping of keys (type, multiplier, max_delay, jitter) (line 5)',
    ],
    ['wd: /tmp', 'unknown key "wd" (line 5)'],
    ['args: [a]', 'unknown key "args"; did you mean "arguments"? (line 5)'],
    ['timezone: Europe/Berlin', 'unknown key "timezone"; the zone of a job stands in its schedule (line 5)'],
    ['run_as: ""', 'run_as is ""; expected the name of an account (line 5)'],
  ])('is named: %s', (more, message) => {
    expect(messages(`${more}\n`)).toEqual([message]);
  });

  it('is named for a script that stands in the job', () => {
    const { issues } = parseJobDocument('id: a\nname: A\ntype: python\ncode: print(1)\n', types);
    expect(issues.map(({ message }) => message)).toContain(
      'Job "a": unknown key "code"; did you mean "script_content"? (line 4)',
    );
  });
});

describe('what a definition refers to', () => {
  const around = Object.assign(new Map(types), {
    surroundings: {
      hasSecret: () => true,
      connections: () => ['reporting', 'billing'],
      hasRunAhead: () => false,
    },
  });
  const sql = (connection_id: string) =>
    `id: a\nname: A\ntype: sql\nconnection: {connection_id: "${connection_id}"}\nquery: select 1\n`;
  const warnings = (text: string) =>
    parseJobDocument(text, around).issues.map(({ severity, path, message, line, column }) => ({
      severity,
      path,
      message,
      at: `${line}:${column}`,
    }));

  it('may not be there yet: a saved connection', () => {
    expect(warnings(sql('reportng'))).toEqual([
      {
        severity: 'warning',
        path: 'connection.connection_id',
        message:
          'Job "a": connection.connection_id is "reportng"; there is no such saved connection: the job fails until there is (did you mean "reporting"?) (line 4)',
        at: '4:30',
      },
    ]);
    expect(warnings(sql('billing'))).toEqual([]);
    expect(
      warnings(sql('{{ params.where }}')).filter(({ message }) => /saved connection/.test(message)),
    ).toEqual([]);
  });

  it('may be over: a schedule without a run to come', () => {
    expect(warnings(command('schedule: {type: date, run_date: "2020-01-01 00:00:00"}\n'))).toMatchObject([
      {
        severity: 'warning',
        path: 'schedule',
        message: expect.stringContaining('no run that is still to come'),
      },
    ]);
  });
});
