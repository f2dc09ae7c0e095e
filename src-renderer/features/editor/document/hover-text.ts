import { expectedText, type JsonSchema, schemaAt } from './job-schema';
import type { Path } from './node-path';

/** Makes text of others harmless inside Markdown: nothing of it is read as markup. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&"']/g, (sign) => `\\${sign}`).replace(/\s+/g, ' ');
}

/** What a key means and takes, as paragraphs of Markdown; undefined for a key the schema does not know. */
export function hoverText(
  schema: JsonSchema,
  path: Path,
  nextRuns: readonly string[],
  /** The zone of those, when it is one. */
  zone: string | undefined,
): readonly string[] | undefined {
  const key = path.at(-1);
  const found = schemaAt(schema, path);
  if (!found || key === undefined) return undefined;
  const expected = expectedText(found);
  const paragraphs = [
    `**${escapeMarkdown(String(key))}**${found.description ? `: ${escapeMarkdown(found.description)}` : ''}`,
    ...(expected ? [`Takes ${escapeMarkdown(expected)}.`] : []),
    ...(found.default === undefined ? [] : [`Default: ${escapeMarkdown(JSON.stringify(found.default))}`]),
  ];
  const isSchedule = path[0] === 'schedule';
  if (isSchedule && nextRuns.length > 0) {
    paragraphs.push(
      `Next runs${zone === undefined ? '' : ` (${escapeMarkdown(zone)})`}:\n\n${nextRuns.map((run) => `- ${escapeMarkdown(run)}`).join('\n')}`,
    );
  }
  return paragraphs;
}
