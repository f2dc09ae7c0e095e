export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Colours the padded text. */
  readonly paint?: (text: string) => string;
  readonly isRight?: boolean;
  /** Gives way when the window is narrow. */
  readonly canShrink?: boolean;
}

/** Control characters would act on the terminal; a cell is one line. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\r\n\t]+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/**
 * Rows in columns, the titles above. Narrowed to `columns` where the window's width is known; a pipe gets every
 * text whole.
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  look: { readonly columns?: number; readonly dim?: (text: string) => string } = {},
): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.text(row))));
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  let tooMuch =
    widths.reduce((sum, width) => sum + width + 2, -2) - (look.columns ?? Number.POSITIVE_INFINITY);
  for (const [index, column] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (tooMuch <= 0 || !column.canShrink) continue;
    const narrowed = Math.max(column.title.length, 12, width - tooMuch);
    widths[index] = Math.min(width, narrowed);
    tooMuch -= width - (widths[index] ?? 0);
  }
  const line = (texts: readonly string[], isTitle: boolean) =>
    texts
      .map((text, index) => {
        const { paint = (same: string) => same, isRight } = columns[index] ?? {};
        const width = widths[index] ?? 0;
        const short = cut(text, width);
        const isLast = index === columns.length - 1;
        const padded = isRight ? short.padStart(width) : isLast ? short : short.padEnd(width);
        return isTitle ? padded : paint(padded);
      })
      .join('  ')
      .trimEnd();
  const dim = look.dim ?? ((text) => text);
  const titles = line(
    columns.map((column) => column.title),
    true,
  );
  return [dim(titles), ...cells.map((texts) => line(texts, false)), ''].join('\n');
}

/** Names and values below one another; absent values are left out. */
export function formatFacts(facts: readonly (readonly [string, string | null | undefined])[]): string {
  const shown = facts.filter(
    (one): one is readonly [string, string] => one[1] !== null && one[1] !== undefined,
  );
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${oneLine(value)}\n`).join('');
}
