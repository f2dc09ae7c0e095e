import { stringify } from 'yaml';
import type { LineIndex } from '../../../../../src-shared/job-document/line-index';
import type { TextChange } from '../../monaco/edit-model';
import type { PlacedIssue } from '../issue-place';

/** A mend of one issue: what its button says, and what it changes (offsets in the text it was made for). */
export interface Fix {
  readonly title: string;
  readonly changes: readonly TextChange[];
}

export interface FixContext {
  readonly text: string;
  readonly lines: LineIndex;
  readonly issue: PlacedIssue;
  /** What stands at the issue's place. */
  readonly word: string;
}

/** Offers the mends it knows for an issue; none for issues that are not its own. */
export type Fixer = (context: FixContext) => readonly Fix[];

/** A value as YAML writes it on one line. */
export function yamlWord(value: string | number | boolean): string {
  return stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd();
}

/** Replaces the word at the issue's place. */
export function replaceWord({ issue }: FixContext, text: string): TextChange {
  return { start: issue.start, end: issue.end, text };
}

/** The word without its quotes. */
export function plainWord({ word }: FixContext): string {
  return /^(["']).*\1$/s.test(word) ? word.slice(1, -1) : word;
}
