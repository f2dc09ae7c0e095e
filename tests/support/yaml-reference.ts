import { z } from 'zod';
import { Settings } from '../../src-main/adapters/settings/settings';
import { toYamlKey } from '../../src-shared/job-document/job-keys';
import { commonJobShape } from '../../src-shared/model/job';
import { realTypes } from './real-types';

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly default?: unknown;
}

interface Row {
  readonly key: string;
  readonly value: string;
  readonly isNeeded: boolean;
  readonly words: string;
}

/** A bound that only says what a number can be at all. */
const isBound = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
const alternatives = (schema: Schema): readonly Schema[] => schema.anyOf ?? schema.oneOf ?? [];
const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What may stand behind a key, in few words. */
function valueWords(schema: Schema): string {
  if (schema.const !== undefined) return shown(schema.const);
  if (schema.enum) return schema.enum.map(shown).join(', ');
  const several = alternatives(schema);
  if (several.length > 0) return [...new Set(several.map(valueWords))].join(' or ');
  const { type } = schema;
  if (Array.isArray(type)) return type.map((one) => valueWords({ ...schema, type: one })).join(' or ');
  switch (type) {
    case 'array':
      return schema.items ? `list of ${valueWords(schema.items)}` : 'list';
    case 'object':
      return schema.additionalProperties && schema.additionalProperties !== true && !schema.properties
        ? `mapping of names to ${valueWords(schema.additionalProperties)}`
        : 'mapping';
    case 'integer':
    case 'number': {
      const word = type === 'integer' ? 'whole number' : 'number';
      const { minimum, maximum } = schema;
      if (isBound(minimum) && isBound(maximum)) return `${word} ${minimum} to ${maximum}`;
      if (isBound(minimum)) return `${word} from ${minimum}`;
      return isBound(maximum) ? `${word} up to ${maximum}` : word;
    }
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    default:
      return 'anything';
  }
}

/** Everything below a key that has keys of its own, each once. */
function rowsOf(schema: Schema, path: string, rows: Map<string, Row>): void {
  const several = alternatives(schema);
  const hasOwn = (one: Schema): boolean => one.properties !== undefined || alternatives(one).some(hasOwn);
  // One, or a list of the same: its keys are told once.
  const isOneOrMany = several.some(hasOwn) && several.some((one) => one.items !== undefined);
  for (const one of [...several, ...(schema.allOf ?? [])])
    if (!(isOneOrMany && one.items !== undefined)) rowsOf(one, path, rows);
  if (schema.items) rowsOf(schema.items, `${path}[]`, rows);
  if (schema.additionalProperties && schema.additionalProperties !== true)
    rowsOf(schema.additionalProperties, `${path}.NAME`, rows);
  for (const [name, below] of Object.entries(schema.properties ?? {})) {
    const key = path === '' ? name : `${path}.${name}`;
    const known = rows.get(key);
    const value = valueWords(below);
    rows.set(key, {
      key,
      value:
        known && !known.value.split(' or ').includes(value)
          ? `${known.value} or ${value}`
          : (known?.value ?? value),
      isNeeded:
        (known?.isNeeded ?? true) &&
        (schema.required?.includes(name) ?? false) &&
        below.default === undefined,
      words: [
        known?.words || below.description || '',
        below.default === undefined || typeof below.default === 'object'
          ? ''
          : `default: ${shown(below.default)}`,
      ]
        .filter(Boolean)
        .join('; '),
    });
    rowsOf(below, key, rows);
  }
}

const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');

function table(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const rows = new Map<string, Row>();
  rowsOf(json, '', rows);
  return [
    '| key | value | |',
    '|---|---|---|',
    ...[...rows.values()].map(
      ({ key, value, isNeeded, words }) =>
        `| \`${key}\` | ${cell(value)} | ${cell([isNeeded ? '**needed**' : '', words].filter(Boolean).join('; '))} |`,
    ),
  ].join('\n');
}

/** docs/yaml-reference.md, from the schemas the program itself checks with. */
export function yamlReference(): string {
  const common = Object.fromEntries(
    Object.entries(commonJobShape).map(([key, schema]) => [toYamlKey(key), schema]),
  );
  const types = [...realTypes().values()];
  return `# Every YAML key

<!-- Made by: npm run reference. A test holds it against the schemas. -->

What the program checks a file with, key by key: \`[]\` stands for each entry of a list, \`NAME\` for a name of yours. The
editor offers the same keys as you type, and \`job-scheduler jobs validate FILE\` checks a file with line and column.

- [A jobs file](#a-jobs-file) · [Keys of every job](#keys-of-every-job)
${types.map(({ type }) => `- [\`type: ${type}\`](#type-${type})`).join('\n')}
- [The configuration](#the-configuration)

## A jobs file

| key | value | |
|---|---|---|
| \`version\` | text | of the file's form; '2.0' |
| \`jobs[]\` | list of jobs | each with the keys below |

A file may also be one job alone, without \`jobs\`.

## Keys of every job

${table(z.object(common))}

${types.map(({ type, label, configSchema }) => `## type: ${type}\n\n${label}. Beside the keys of every job:\n\n${table(configSchema)}`).join('\n\n')}

## The configuration

\`app_config.yaml\` of the data folder. Each key can be set by an environment variable too.

${table(Settings)}
`;
}
