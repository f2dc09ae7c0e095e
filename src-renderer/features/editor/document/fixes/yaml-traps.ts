import type { Fixer } from './fix';

/** `minute: *\/15` is an alias in YAML. */
const quoteStar: Fixer = ({ issue, lines }) => {
  const found = /^\w+: (\*\/\d+) must be quoted/.exec(issue.message);
  const star = found?.[1];
  if (!star) return [];
  const column = lines.text(issue.line - 1).indexOf(star);
  if (column < 0) return [];
  const start = lines.start(issue.line - 1) + column;
  return [{ title: `Quote '${star}'`, changes: [{ start, end: start + star.length, text: `'${star}'` }] }];
};

/** `slack: #channel` is empty, with a comment. */
const quoteHash: Fixer = ({ issue, lines }) => {
  if (!issue.message.includes('"#" begins a comment')) return [];
  const found = /^(.*?:\s*)(#[^\s#]+)/.exec(lines.text(issue.line - 1));
  if (!found) return [];
  const [, before = '', channel = ''] = found;
  const start = lines.start(issue.line - 1) + before.length;
  const space = before.endsWith(':') ? ' ' : '';
  return [
    {
      title: `Quote '${channel}'`,
      changes: [{ start, end: start + channel.length, text: `${space}'${channel}'` }],
    },
  ];
};

const spaces = '  ';

/** YAML is indented with spaces. */
const tabsToSpaces: Fixer = ({ issue, text }) => {
  if (!/not with tabs/.test(issue.message)) return [];
  const changes = [...text.matchAll(/^[ \t]*\t[ \t]*/gm)].map(({ index, 0: indent }) => ({
    start: index,
    end: index + indent.length,
    text: indent.replaceAll('\t', spaces),
  }));
  return changes.length === 0 ? [] : [{ title: 'Change tabs to spaces', changes }];
};

/** `"C:\Reports"`: double quotes know escapes, single quotes none. */
const singleQuotes: Fixer = ({ issue, lines }) => {
  if (!issue.message.startsWith('"\\" begins an escape')) return [];
  const line = lines.text(issue.line - 1);
  const found = /"([^"]*\\[^"]*)"/.exec(line);
  if (!found) return [];
  const start = lines.start(issue.line - 1) + found.index;
  const text = `'${(found[1] ?? '').replaceAll("'", "''")}'`;
  return [{ title: 'Use single quotes', changes: [{ start, end: start + found[0].length, text }] }];
};

/** `title: @daily`, `command: echo a: b`: texts that YAML takes for something else. */
const quoteValue: Fixer = ({ issue, lines }) => {
  if (!/must be in quotes: /.test(issue.message)) return [];
  const line = lines.text(issue.line - 1);
  const [, before = '', value] = /^(\s*(?:-\s+)*(?:[\w.-]+:\s+)?)(\S.*?)\s*$/.exec(line) ?? [];
  if (value === undefined) return [];
  const start = lines.start(issue.line - 1) + before.length;
  const text = `'${value.replaceAll("'", "''")}'`;
  return [{ title: 'Put it in quotes', changes: [{ start, end: start + value.length, text }] }];
};

/** `name:x` and `-x` are texts; with a space they are a key and an entry. */
const addSpace: Fixer = ({ issue, lines }) => {
  const sign = /^a space is missing after the (colon|dash)/.exec(issue.message)?.[1];
  if (sign === undefined) return [];
  const at = lines.text(issue.line - 1).indexOf(sign === 'colon' ? ':' : '-') + 1;
  if (at === 0) return [];
  const start = lines.start(issue.line - 1) + at;
  return [{ title: `Add a space after the ${sign}`, changes: [{ start, end: start, text: ' ' }] }];
};

/** What goes wrong before there is a document at all. */
export const yamlTraps: readonly Fixer[] = [
  quoteStar,
  quoteHash,
  tabsToSpaces,
  singleQuotes,
  quoteValue,
  addSpace,
];
