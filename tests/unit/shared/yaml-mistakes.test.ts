import { describe, expect, it } from 'vitest';
import { readYaml } from '../../../src-shared/job-document/read-yaml';

const limit = 1_000_000;
const found = (text: string) => {
  const [issue] = readYaml(text, limit).issues;
  return issue && `${issue.line}:${issue.column} ${issue.message}`;
};

describe('a text that is no YAML', () => {
  it.each([
    ['a value with a colon', 'command: echo a: b\n', /^1:\d+ a value that holds ": " .*: 'echo a: b'$/],
    ['a reserved sign', 'name: @x\n', /^1:7 a value that begins with "@" .* name: '@x'$/],
    ['a backtick', 'command: `ls`\n', /^1:10 a value that begins with "`" .* command: '`ls`'$/],
    ['braces', 'id: a\ncommand: {{ x }}\n', /^2:10 a value that begins with "{{" .* command: '{{ x }}'$/],
    ['a quote in quotes', "command: 'it's'\n", /^1:14 the text in quotes ends before the line does: 'it's'/],
    ['text behind quotes', "name: 'a' b\n", /^1:11 the text in quotes ends before the line does/],
    [
      'no space after a colon',
      'id: a\nname:x\ntype: c\n',
      /^2:1 a space is missing after the colon: name: x$/,
    ],
    ['the same in a list', 'jobs:\n  - id:a\n    name: x\n', /^2:3 a space .* colon: id: a$/],
    ['no space after a dash', 'a:\n- a\n-b\n', /^3:1 a space is missing after the dash: - b$/],
    ['a key alone', 'id: a\nname\ntype: c\n', /^2:1 expected "key: value"; "name" has no colon$/],
    ['an open single quote', "id: a\nname: 'x\nb: c\n", /^2:7 .*single quotes that begins here does not end/],
    ['an open double quote', 'id: a\nname: "x\nb: c\n', /^2:7 .*double quotes that begins here does not end/],
    ['an open bracket', 'id: a\nb: [a, b\nname: x\n', /^2:4 the "\[" that begins here is not closed/],
    ['a quote open to the end', 'id: a\nb: "x\n  y', /^2:4 .*does not end/],
    ['a key there twice', 'id: a\nname: x\nid: b\n', /^3:1 the key "id" is there twice; expected once$/],
    ['keys behind braces', '{id: a}\ntimeout: 3\n', /^2:1 .*expected further keys inside them$/],
    ['a comma left out', "a: ['a' 'b']\n", /^1:9 expected a comma between the entries/],
    ['too deep a line', 'jobs:\n  - id: a\n     name: x\n', /^3:\d+ this line is indented by 5 spaces/],
    ['too shallow a line', 'jobs:\n  - id: a\n - id: b\n', /^3:2 this line is indented by 1 space,/],
    ['a line of a script', 'id: a\ns: |\n  a\n b\n', /^4:2 this line is indented by 1 space,/],
    ['an alias', 'id: a\nname: *x\n', /^2:8 "\*" begins a YAML alias, and there is no "x"/],
    ['a control character', 'id: a\nname: x\u0007y\n', /^2:8 the text holds a control character \(U\+0007\)/],
    ['a Windows path', 'id: a\nc: "C:\\xtools"\n', /^2:\d+ "\\" begins an escape/],
    ['a tab', 'a:\n\tb: c\n', /^2:1 .*not with tabs$/],
  ])('says of %s what it is, and where', (_name, text, expected) => {
    expect(found(text)).toMatch(expected);
  });

  it.each([
    'password: @S3cret\n',
    "api_key: 'S3cret'x'\n",
    'id: a\nclient_secret:S3cret\nb: c\n',
    'token: a: S3cret\n',
  ])('does not repeat what a secret key holds: %j', (text) => {
    expect(found(text)).toMatch(/…/);
    expect(found(text)).not.toContain('S3cret');
  });

  it('is never too much: any text has an answer at once', () => {
    const pieces = [
      'a: b',
      '- ',
      "'",
      '"',
      '[',
      '{',
      '{{',
      ': ',
      '\n',
      '\n  ',
      '\t',
      '*x',
      '&x',
      '!t',
      '|',
      '#',
      '\\',
      '@',
      '%',
      '?',
    ];
    let state = 7;
    const pick = (count: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % count;
    };
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from({ length: 1 + pick(12) }, () => pieces[pick(pieces.length)]).join('');
      for (const issue of readYaml(text, limit).issues) {
        expect(issue.message, JSON.stringify(text)).not.toBe('');
        expect(issue.line).toBeLessThanOrEqual(text.split('\n').length);
        expect(issue.column).toBeGreaterThan(0);
      }
    }
    for (const long of [
      ' '.repeat(400_000),
      '- '.repeat(200_000),
      'a: '.repeat(130_000),
      "''".repeat(200_000),
    ])
      expect(found(`id: a\n${long}@\n x: [`)).toBeDefined();
  }, 5000);
});
