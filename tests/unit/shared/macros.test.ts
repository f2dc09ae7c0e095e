import { describe, expect, it } from 'vitest';
import { parseJobDocument } from '../../../src-shared/job-document';
import { fillMacros, type MacroLookup } from '../../../src-shared/macros/fill-macros';
import { checkParams, resolveParams } from '../../../src-shared/macros/param-values';
import type { JobParams } from '../../../src-shared/model/params';
import { realTypes } from '../../support/real-types';

const at = Date.parse('2026-03-01T03:30:15.042Z');
const lookup: MacroLookup = (name) => {
  if (name === 'scheduled_time') return { kind: 'instant', at };
  if (name === 'params.day') return { kind: 'date', text: '2024-03-31' };
  if (name === 'params.n') return { kind: 'plain', value: 7 };
  if (name === 'params.sneaky') return { kind: 'plain', value: '{{ params.n }}' };
  return { problem: `no ${name}` };
};
const filled = (text: string, zone = 'UTC') => fillMacros(text, lookup, zone);

describe('macros', () => {
  it.each([
    ['nothing to fill', 'nothing to fill'],
    ['', ''],
    ['at {{ scheduled_time }}', 'at 2026-03-01T03:30:15.042Z'],
    ['{{scheduled_time|yyyyMMdd_HHmmss}}', '20260301_033015'],
    ["{{ scheduled_time | yyyy-MM-dd'T'HH:mm:ss.fffzzz }}", '2026-03-01T03:30:15.042+00:00'],
    ['{{ scheduled_time | dddd d MMMM yy }}', 'Sunday 1 March 26'],
    ['{{ scheduled_time - 1d | yyyy-MM-dd }}', '2026-02-28'],
    ['{{ scheduled_time - 1 month + 2 days | yyyy-MM-dd }}', '2026-02-03'],
    ['{{ scheduled_time -2h }}', '2026-03-01T01:30:15.042Z'],
    ['{{ scheduled_time | HH:mm in Asia/Kolkata }}', '09:00'],
    ['C:\\out\\{{ params.day }}\\x', 'C:\\out\\2024-03-31\\x'],
    ['{{ params.day - 1 month | yyyy-MM-dd }}', '2024-02-29'],
    ['{{ params.day | yyyyMM }}.{{ params.n }}', '202403.7'],
    ['a {{{{.Names}} b }}', 'a {{.Names}} b }}'],
  ])('%s -> %s', (text, expected) => {
    expect(filled(text)).toEqual({ value: expected });
  });

  it("reads dates by the clock of the job's zone", () => {
    expect(filled('{{ scheduled_time | yyyy-MM-dd HH:mm zzz }}', 'America/New_York').value).toBe(
      '2026-02-28 22:30 -05:00',
    );
  });

  it('keeps the type of a macro that stands alone, where asked', () => {
    expect(fillMacros('{{ params.n }}', lookup, 'UTC', true)).toEqual({ value: 7 });
    expect(fillMacros('{{ params.n }}', lookup, 'UTC')).toEqual({ value: '7' });
  });

  it('never fills what a value brings along', () => {
    expect(filled('{{ params.sneaky }}')).toEqual({ value: '{{ params.n }}' });
  });

  it.each([
    ['{{ scheduled_time', /not closed/],
    ['{{.Names}}', /not a macro.*for a literal "\{\{" write "\{\{\{\{"/],
    ['{{ scheduled_time | YYYY-MM-DD }}', /"YYYY" is not part of a date format; expected yyyy/],
    ['{{ scheduled_time - 1 fortnight }}', /"- 1 fortnight" is not a shift/],
    ['{{ params.n | yyyy }}', /not a date/],
    ['{{ params.day - 1h }}', /a day without a time/],
    ['{{ scheduled_time | HH in Mars/Base }}', /"Mars\/Base" is not a time zone/],
    ['{{ constructor }}', /no constructor/],
  ])('refuses %s', (text, message) => {
    expect(filled(text).problem).toMatch(message);
  });
});

const params: JobParams = {
  day: { type: 'date', default: '{{ scheduled_time - 1d }}' },
  count: { type: 'integer', required: true },
  mode: { type: 'choice', choices: ['fast', 'full'], default: 'full' },
  note: { type: 'string' },
  dry: { type: 'boolean', default: false },
};

describe('params', () => {
  it('take what is given, else the default of the planned day, else nothing', () => {
    const { values, issues } = resolveParams(params, { count: 3, mode: 'fast' }, lookup, 'America/New_York');
    expect(issues).toEqual([]);
    expect(values).toEqual({ day: '2026-02-27', count: 3, mode: 'fast', note: '', dry: false });
  });

  it.each([
    [{ cuont: 1, count: 1 }, 'unknown param "cuont" (1); did you mean "count"?'],
    [{ count: '3' }, 'params.count is "3"; expected a whole number (without quotes)'],
    [{ count: 1.5 }, 'params.count is 1.5; expected a whole number'],
    [{ count: 1, mode: 'slow' }, 'params.mode is "slow"; expected one of "fast", "full"'],
    [{ count: 1, day: '2026-02-30' }, 'params.day is "2026-02-30"; expected a date such as 2026-11-24'],
    [{ count: 1, dry: 'yes' }, 'params.dry is "yes"; expected true or false'],
    [{ count: 1, note: 'a\0b' }, 'params.note is "a\\u0000b"; expected text'],
    [{}, 'params.count is missing; expected a whole number'],
  ])('%j is refused by name, value and expectation', (given, message) => {
    expect(resolveParams(params, given, lookup, 'UTC').issues.map((issue) => issue.message)).toContain(
      message,
    );
  });

  it('are none where the job has none', () => {
    expect(checkParams({}, { toString: 1 })[0]?.message).toMatch(/unknown param "toString".*has no params/);
  });
});

describe('macros in a document', () => {
  const types = Object.assign(new Map(realTypes()), {
    surroundings: { hasSecret: (name: string) => name === 'token' },
  });
  const check = (text: string) => parseJobDocument(`id: a\nname: A\n${text}`, types);
  const told = (text: string) =>
    check(text).issues.map(({ message, line, severity }) => ({ message, line, severity }));

  it('are accepted in arguments, environment, paths and bound parameters', () => {
    expect(
      told(`type: sql
connection: { driver: sqlite, database: 'x-{{ params.day | yyyy }}.db' }
query: select @day, @token
query_parameters: { day: '{{ params.day }}', token: '{{ secrets.token }}' }
params: { day: { type: date, default: '{{ scheduled_time }}' } }
`),
    ).toEqual([]);
  });

  it.each([
    [
      "arguments: ['{{ params.dya }}']",
      5,
      'error',
      /names a param the job does not have; did you mean params.day/,
    ],
    ["arguments: ['{{ schedule_time }}']", 5, 'error', /not a macro; did you mean scheduled_time/],
    [
      "arguments: [x, '{{ secrets.token }}']",
      5,
      'error',
      /can't stand in arguments: every user.*environment or stdin/,
    ],
    ["command: 'x{{secrets.token}}'", 5, 'error', /can't stand in command/],
    ["environment: { T: '{{ secrets.tokn }}' }", 5, 'warning', /there is no secret "tokn" yet/],
  ])('%s', (line, at, severity, message) => {
    const base = line.startsWith('command') ? line : `command: node\n${line}`;
    const text = `type: command\n${line.startsWith('command') ? '#' : base.split('\n')[0]}\n${line}\nparams: { day: { type: date } }`;
    expect(told(text)).toEqual([{ message: expect.stringMatching(message), line: at, severity }]);
  });

  it('leave code alone, and say so', () => {
    const text =
      "type: python\nscript_content: |\n  print('{{ params.day }}')\nparams: { day: { type: date } }";
    expect(told(text)).toEqual([
      {
        message: expect.stringMatching(/script_content holds.*not filled into code/),
        line: 5,
        severity: 'warning',
      },
    ]);
    expect(told('type: python\nscript_content: "f\'{{x}}\'"')).toEqual([]);
  });

  it.each([
    ['params: { day: { type: date, default: 2026-13-01 } }', /params\.day\.default is "2026-13-01"/],
    ['params: { m: { type: choice } }', /params\.m is a choice; expected choices/],
    [
      'params: { m: { type: integer, choices: [1, x] } }',
      /params\.m\.choices\[1\] is "x"; expected a whole number/,
    ],
    ["params: { m: { default: '{{ params.n }}' } }", /can't stand in a default/],
    ['params: { m: { type: dat } }', /params\.m\.type is "dat"; expected "string" or/],
    ['params: { "a b": { } }', /not a name for a param/],
    [
      'params: { m: { required: true } }\nschedule: { type: interval, interval_params: { hours: 1 } }',
      /a scheduled run could never begin/,
    ],
  ])('%s', (line, message) => {
    const found = told(`type: command\ncommand: node\n${line}`);
    expect(found[0]?.message).toMatch(message);
    expect(found[0]?.line).toBe(5);
  });

  it('are never filled into a shell line, which says so', () => {
    const text =
      "type: command\nshell: true\ncommand: 'x {{ params.day }} | y'\nparams: { day: { type: date } }";
    expect(told(text).map(({ message }) => message)).toEqual([
      expect.stringMatching(/shell: true: the line runs through the shell/),
      expect.stringMatching(/command holds "\{\{ params\." *: macros are not filled into code/),
    ]);
  });

  it.each([
    ["environment: { NODE_OPTIONS: '--require x' }", /changes what every program does/],
    ['environment: { ld_preload: x }', /changes what every program does/],
    ["environment: { JOB_SCHEDULER_WEB_PORT: '1' }", /changes what every program does/],
    ["environment: { PATH: '/bin:.:x' }", /holds the folder "\."; expected full paths only/],
    ["environment: { Path: 'C:\\a;bin' }", /holds the folder "bin"/],
  ])('%s is refused', (line, message) => {
    expect(told(`type: command\ncommand: node\n${line}`)[0]?.message).toMatch(message);
  });

  it('and mistakes in steps are found at their place', () => {
    const text = `type: steps
params: { day: { type: date } }
steps:
  - type: command
    command: node
    arguments: ['{{ params.dya }}', '{{ secrets.token }}']
  - type: sql
    connection: { driver: sqlite, database: x.db }
    query: select '{{ params.day }}'
    query_parameters: { t: '{{ secrets.token }}' }
  - type: comand
  - type: python
    script: x.py
`;
    expect(told(text).map(({ message, line }) => [line, message.replace(/^Job "a": /, '')])).toEqual([
      [13, expect.stringMatching(/steps\[2\]\.type is "comand"; expected/)],
      [15, expect.stringMatching(/unknown key "script"/)],
      [14, expect.stringMatching(/neither script_path nor script_content/)],
      [8, expect.stringMatching(/did you mean params\.day/)],
      [8, expect.stringMatching(/secrets\.token \}\} can't stand in arguments/)],
      [11, expect.stringMatching(/query holds.*not filled into code/)],
    ]);
  });
});
