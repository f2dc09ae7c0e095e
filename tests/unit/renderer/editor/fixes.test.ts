import { describe, expect, it } from 'vitest';
import { applyFix, fixesFor } from '../../../../src-renderer/features/editor/document/fixes';
import { placeIssue } from '../../../../src-renderer/features/editor/document/issue-place';
import { parseJobDocument } from '../../../../src-shared/job-document';
import { createLineIndex } from '../../../../src-shared/job-document/line-index';
import { realTypes } from '../../../support/real-types';

const types = realTypes();
const problems = (text: string) => {
  const lines = createLineIndex(text);
  return parseJobDocument(text, types).issues.map((issue) => placeIssue(issue, lines));
};
/** The mends offered for the text's first issue, by their titles. */
const offered = (text: string) => {
  const [issue] = problems(text);
  if (!issue) throw new Error('the text has no issue');
  return new Map(fixesFor(text, issue).map((fix) => [fix.title, applyFix(text, fix)]));
};

const command = (more: string) => `id: a\nname: A\ntype: command\ncommand: node\n${more}`;
const cron = (field: string) => command(`schedule:\n  type: cron\n  cron_params:\n    ${field}\n`);

/** What a person writes, the button, and what it makes of it. Every result is free of issues. */
const traps: readonly (readonly [string, string, string, string])[] = [
  ['an unquoted step', cron('minute: */15 # often'), "Quote '*/15'", cron("minute: '*/15' # often")],
  [
    'a value with a colon and a space',
    command('description: from: a to: b\n'),
    'Put it in quotes',
    command("description: 'from: a to: b'\n"),
  ],
  [
    'a value that begins with a reserved sign',
    command("description: @night's load\n"),
    'Put it in quotes',
    command("description: '@night''s load'\n"),
  ],
  [
    'a parameter without quotes',
    command('description: {{ params.x }}\nparams: {x: {type: string, default: a}}\n'),
    'Put it in quotes',
    command("description: '{{ params.x }}'\nparams: {x: {type: string, default: a}}\n"),
  ],
  [
    'a colon without its space',
    'id: a\nname:A\ntype: command\ncommand: node\n',
    'Add a space after the colon',
    'id: a\nname: A\ntype: command\ncommand: node\n',
  ],
  [
    'a dash without its space',
    command('arguments:\n- a\n-b\n'),
    'Add a space after the dash',
    command('arguments:\n- a\n- b\n'),
  ],
  [
    'a channel that is a comment',
    command('notifications:\n  on_failure:\n    - slack: #alerts\n'),
    "Quote '#alerts'",
    command("notifications:\n  on_failure:\n    - slack: '#alerts'\n"),
  ],
  [
    'robocopy without its exit codes',
    'id: a\nname: A\ntype: command\ncommand: robocopy # the tool\narguments: [x]\n',
    'Add success_exit_codes: robocopy',
    'id: a\nname: A\ntype: command\ncommand: robocopy # the tool\narguments: [x]\nsuccess_exit_codes: robocopy\n',
  ],
  [
    'tabs',
    command('environment:\n\tA: b\n\tC: d\n'),
    'Change tabs to spaces',
    command('environment:\n  A: b\n  C: d\n'),
  ],
  [
    'DATE() in T-SQL',
    "id: a\nname: A\ntype: sql\nconnection: {connection_id: x}\nquery: |\n  SELECT DATE(max(d)) FROM t\n  WHERE DATE(x) = '2026-01-01'\ntimeout: 5\n",
    'Change to CAST(... AS date)',
    "id: a\nname: A\ntype: sql\nconnection: {connection_id: x}\nquery: |\n  SELECT CAST(max(d) AS date) FROM t\n  WHERE CAST(x AS date) = '2026-01-01'\ntimeout: 5\n",
  ],
  ['a slip in a key', command('timeuot: 5\n'), 'Change to timeout', command('timeout: 5\n')],
  ['a key nobody knows', command('colour: red # nice\n'), 'Remove colour', command('')],
  ['yes', command('enabled: yes # on\n'), 'Change to true', command('enabled: true # on\n')],
  ['hour 24', cron('hour: 24'), 'Change to 23', cron('hour: 23')],
  ['hour 24, meant as midnight', cron('hour: 24'), 'Change to 0', cron('hour: 0')],
  ['hour 25', cron('hour: 25'), 'Change to 1', cron('hour: 1')],
  ['a number inside a list', cron("minute: '5,65'"), 'Change to 5,59', cron('minute: 5,59')],
  ['Sunday as 7', cron('day_of_week: 7'), 'Change to 6 (sun)', cron('day_of_week: 6')],
  ['a whole weekday', cron('day_of_week: monday'), 'Change to mon', cron('day_of_week: mon')],
  ["Quartz's last day", cron('day: L'), 'Change to last', cron('day: last')],
  ['a backward range', cron('hour: 22-6'), 'Change to 22-23,0-6', cron('hour: 22-23,0-6')],
  ['a quoted number', command("timeout: '300'\n"), 'Change to 300', command('timeout: 300\n')],
  ['a number with a unit', command('timeout: 5m\n'), 'Change to 300', command('timeout: 300\n')],
  ['a number too large', command('max_retries: 500\n'), 'Change to 100', command('max_retries: 100\n')],
  ['a word out of a few', command('overlap: replce\n'), 'Change to replace', command('overlap: replace\n')],
  [
    'a slip in the type',
    command('').replace('type: command', 'type: comand'),
    'Change to command',
    command(''),
  ],
  [
    'a zone with a slip',
    cron('hour: 8\n    timezone: Americas/New_York'),
    'Change to America/New_York',
    cron('hour: 8\n    timezone: America/New_York'),
  ],
  [
    'a Windows path in double quotes',
    command('working_directory: "C:\\Reports\\x"\n'),
    'Use single quotes',
    command("working_directory: 'C:\\Reports\\x'\n"),
  ],
];

describe('quick fixes', () => {
  it.each(traps)('mends %s, and nothing else', (_, text, title, expected) => {
    const fixes = offered(text);
    expect([...fixes.keys()]).toContain(title);
    expect(fixes.get(title)).toBe(expected);
    expect(problems(expected)).toEqual([]);
  });

  it('offers nothing where it knows nothing', () => {
    expect([...offered('id: a\nname: A\ntype: command\n').keys()]).toEqual([]);
  });
});

describe('the place of an issue', () => {
  const placed = (text: string) => problems(text).map(({ start, end }) => text.slice(start, end));
  it('is the value, the key nobody knows, or the quoted text', () => {
    expect(placed(cron('hour: 25 # late'))).toEqual(['25']);
    expect(placed(command('timeuot: 5\n'))).toEqual(['timeuot']);
    expect(placed(command("timeout: '300' # s\n"))).toEqual(["'300'"]);
    expect(placed(command('schedule: {type: cron, cron_params: {hour: 25, minute: 3}}\n'))).toEqual(['25']);
  });
});
