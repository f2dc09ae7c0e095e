import { createLineIndex } from '../../../../../src-shared/job-document/line-index';
import type { PlacedIssue } from '../issue-place';
import type { Fix } from './fix';
import { jobTraps } from './job-traps';
import { valueTraps } from './value-traps';
import { yamlTraps } from './yaml-traps';

export type { Fix } from './fix';

const fixers = [...yamlTraps, ...valueTraps, ...jobTraps];

/** The mends known for an issue of a text, the likeliest first. */
export function fixesFor(text: string, issue: PlacedIssue): readonly Fix[] {
  const lines = createLineIndex(text);
  const context = { text, lines, issue, word: text.slice(issue.start, issue.end) };
  return fixers.flatMap((fixer) => fixer(context));
}

/** The text with a mend's changes made. */
export function applyFix(text: string, { changes }: Fix): string {
  return [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((done, change) => done.slice(0, change.start) + change.text + done.slice(change.end), text);
}
