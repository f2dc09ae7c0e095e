/**
 * A list as a person writes it: `night, etl`. An entry that holds a comma or a quote, or begins or ends with a space,
 * stands in quotes, a quote in it twice: `"north, south", etl`. The empty list is ''.
 */
export function writeList(values: readonly string[], separator = ', '): string {
  const write = (value: string) => (/[,"]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  return values.map(write).join(separator);
}

/** Reads what `writeList` writes; nothing between two commas is no entry, and an open quote reaches to the end. */
export function readList(text: string): string[] {
  const found = text.matchAll(/\s*(?:"((?:[^"]|"")*)(?:"|$)\s*|([^,]*))(?:,|$)/g);
  return [...found]
    .map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain.trim())
    .filter((value) => value !== '');
}
