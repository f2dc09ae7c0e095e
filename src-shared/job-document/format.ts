import { dump } from 'js-yaml';
import { type Document, isScalar, parseDocument } from 'yaml';
import { CommonJob, commonJobKeys, type JobDefinition } from '../model/job';
import { keyOrder, toApiKey, toYamlKey, trailingKeys } from './job-keys';
import { readYaml } from './read-yaml';

type Dict = Record<string, unknown>;

/** How values become text. What stands twice is written twice: anchors (`&ref_0`) are nobody's own words. */
const written = { lineWidth: -1, indent: 2, noRefs: true } as const;

/** The definition as one flat object by API names: the `configuration` column and the API's JSON. */
export function toConfiguration(definition: JobDefinition): Dict {
  const { config, ...common } = definition;
  const flat: Dict = { job_id: common.job_id, name: common.name, job_type: common.job_type };
  for (const [key, value] of Object.entries({ ...common, ...config }))
    if (value !== undefined) flat[key] = value;
  return flat;
}

const defaults: Dict = CommonJob.partial().parse({}) as Dict;

/** YAML text of a definition: id, name and type first, the type's own keys, then schedule and limits. */
export function formatJobDocument(definition: JobDefinition): string {
  const flat = toConfiguration(definition);
  const named: Dict = Object.fromEntries(Object.entries(flat).map(([key, value]) => [toYamlKey(key), value]));
  const own = Object.keys(named).filter((key) => !commonJobKeys.has(toApiKey(key)));
  const ordered = [...keyOrder, ...own, ...trailingKeys].filter((key) => key in named);
  const shown = ordered.filter((key) => key === 'enabled' || named[key] !== defaults[key]);
  return dump(Object.fromEntries(shown.map((key) => [key, named[key]])), written);
}

const indented = (text: string, spaces: string): string => text.replace(/^(?=.)/gm, spaces);

/** One job's text as an item of a list, its leading comments above the dash. */
function asItem(text: string): string {
  const lines = text
    .replace(/\r\n/g, '\n')
    .replace(/\n+$/, '')
    .split('\n')
    .filter((line) => !/^(---|\.\.\.)(\s|$)/.test(line));
  const first = lines.findIndex((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  const above = lines.slice(0, Math.max(0, first)).filter((line) => line.trim() !== '');
  const body = lines.slice(Math.max(0, first)).join('\n');
  const head = above.map((line) => `  ${line}\n`).join('');
  return `${head}  - ${indented(body, '    ').slice(4)}\n`;
}

/**
 * Many job texts as one jobs file; comments stay. A text that would read differently there (odd indentation,
 * JSON) is written anew from its value.
 */
export function formatJobsFile(texts: readonly string[]): string {
  const items = texts.map((text) => {
    const item = asItem(text);
    const alone = readYaml(text, Number.POSITIVE_INFINITY);
    const inList = readYaml(`jobs:\n${item}`, Number.POSITIVE_INFINITY);
    const isSame = JSON.stringify(inList.value) === JSON.stringify({ jobs: [alone.value] });
    return isSame ? item : asItem(dump(alone.value, written));
  });
  return `version: '2.0'\n\njobs:${items.length === 0 ? ' []' : `\n${items.join('\n')}`}`.replace(
    /\n*$/,
    '\n',
  );
}

const isSimple = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value) && !String(value).includes('\n');

/** A scalar as YAML writes it on one line. */
function scalarText(value: string | number | boolean): string {
  return dump(value, { lineWidth: -1 }).trimEnd();
}

/**
 * Changes some top-level keys (`null` removes one) and leaves everything else as the author wrote it: one-line
 * values are replaced in place, anything larger through a parser that keeps comments.
 */
export function editJobDocument(text: string, changes: Readonly<Dict>): string {
  let current = text;
  for (const [key, value] of Object.entries(changes)) current = editKey(current, key, value);
  return current;
}

function editKey(text: string, key: string, value: unknown): string {
  const { root } = readYaml(text, Number.POSITIVE_INFINITY);
  const offset = text.startsWith('\uFEFF') ? 1 : 0;
  const name =
    [key, toYamlKey(key), toApiKey(key)].find((spelling) => root?.entries?.has(spelling)) ?? toYamlKey(key);
  const node = root?.entries?.get(name);
  if (isSimple(value) && node?.kind === 'scalar' && node.isPlain && node.end > node.start) {
    return text.slice(0, node.start + offset) + scalarText(value) + text.slice(node.end + offset);
  }
  if (isSimple(value) && node === undefined && root?.entries && root.entries.size > 0) {
    // A key of its own line at the end, where the document is written so that this reads as one.
    const appended = `${text.replace(/\n*$/, '\n')}${name}: ${scalarText(value)}\n`;
    const reading = readYaml(appended, Number.POSITIVE_INFINITY);
    const before = readYaml(text, Number.POSITIVE_INFINITY).value as Dict;
    if (
      reading.issues.length === 0 &&
      JSON.stringify(reading.value) === JSON.stringify({ ...before, [name]: value })
    )
      return appended;
  }
  const document: Document = parseDocument(text, { keepSourceTokens: false });
  if (value === null && key !== 'misfire_grace_time') document.delete(name);
  else {
    const existing = document.get(name, true);
    if (isScalar(existing) && isSimple(value)) existing.value = value;
    else document.set(name, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/**
 * The text of one job with its id, where it names none. A text that can't be read, or is no mapping, comes back as it
 * is: whoever checks it then points at its own lines.
 */
export function withJobId(text: string, job_id: string): string {
  const { root } = readYaml(text, Number.POSITIVE_INFINITY);
  if (!root?.entries || ['id', 'job_id', 'jobs'].some((key) => root.entries?.has(key))) return text;
  const headed = `id: ${scalarText(job_id)}\n${text}`;
  const isReadable = readYaml(headed, Number.POSITIVE_INFINITY).issues.length === 0;
  // A mapping in braces has no room for a line above it.
  return isReadable ? headed : editJobDocument(text, { job_id });
}
