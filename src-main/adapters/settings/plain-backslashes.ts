const doubleQuoted = /^(\s*(?:connection_string|server)\s*:\s*")((?:[^"\\]|\\.)*)("\s*(?:#.*)?)$/;

/**
 * The documentation prints `connection_string: "...SERVER=HOST\SQLEXPRESS..."`, where YAML reads `\S` as an escape it
 * does not know (and `\n` of HOST\node as a line end). In these two keys a single backslash means itself; a doubled
 * one stays the escape it is. `lines` are those that were read so, from 1.
 */
export function plainBackslashes(text: string): { readonly text: string; readonly lines: readonly number[] } {
  const lines: number[] = [];
  const out = text.split('\n').map((line, index) => {
    const match = doubleQuoted.exec(line.replace(/\r$/, ''));
    const [, before = '', value = '', after = ''] = match ?? [];
    if (!match || !/\\/.test(value.replaceAll('\\\\', ''))) return line;
    lines.push(index + 1);
    return `${before}${value.replace(/\\\\|\\(?=[^"])/g, '\\\\')}${after}`;
  });
  return { text: out.join('\n'), lines };
}
