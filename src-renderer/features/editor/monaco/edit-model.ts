import type { editor } from 'monaco-editor/editor/editor.api';

export interface TextChange {
  /** Offsets in the text before. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The one stretch in which two texts differ; undefined when they are the same. */
export function changeBetween(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same])
    same += 1;
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}

/** Brings a model to a text as one step that can be undone; cursor and folds elsewhere stay where they are. */
export function bringTo(model: editor.ITextModel, text: string): void {
  const change = changeBetween(model.getValue(), text);
  if (!change) return;
  const from = model.getPositionAt(change.start);
  const to = model.getPositionAt(change.end);
  model.pushStackElement();
  model.pushEditOperations(
    [],
    [
      {
        range: {
          startLineNumber: from.lineNumber,
          startColumn: from.column,
          endLineNumber: to.lineNumber,
          endColumn: to.column,
        },
        text: change.text,
      },
    ],
    () => null,
  );
  model.pushStackElement();
}
