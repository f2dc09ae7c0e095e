/**
 * Splits a T-SQL script at lines that hold only GO, as sqlcmd does; `GO 5` repeats the batch before it. GO inside
 * a string or comment is not at the start of such a line in practice, and sqlcmd does not look either.
 */
export function splitBatches(text: string): string[] {
  const batches: string[] = [];
  let lines: string[] = [];
  const push = (times: number) => {
    const batch = lines.join('\n');
    lines = [];
    if (batch.trim() === '') return;
    for (let index = 0; index < times; index += 1) batches.push(batch);
  };
  for (const line of text.split(/\r?\n/)) {
    const go = /^\s*GO(?:\s+(\d{1,4}))?\s*(?:--.*)?$/i.exec(line);
    if (go) push(Number(go[1] ?? 1));
    else lines.push(line);
  }
  push(1);
  return batches;
}
