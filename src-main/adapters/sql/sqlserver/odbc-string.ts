/** One `keyword=value` of a connection string, in the order written. */
export interface OdbcPair {
  readonly keyword: string;
  readonly value: string;
}

/** Longer than anything a driver takes; a bound for what is read from a file. */
const longest = 16_384;

/**
 * Reads an ODBC connection string: `keyword=value;...`. A value in braces may hold anything, a closing brace doubled;
 * any other value goes to the next semicolon. Blanks around keywords and unbraced values mean nothing. Source: ODBC
 * Programmer's Reference, SQLDriverConnect, and MS-ODBCSTR 2.1. Throws RangeError with a sentence that says where
 * (counted in characters from 1) and never shows a value.
 */
export function parseOdbcString(text: string): OdbcPair[] {
  if (text.length > longest)
    throw new RangeError(`has ${text.length} characters; expected at most ${longest}`);
  const pairs: OdbcPair[] = [];
  let at = 0;
  const skip = (signs: RegExp) => {
    while (at < text.length && signs.test(text[at] ?? '')) at += 1;
  };
  for (;;) {
    skip(/[\s;]/);
    if (at >= text.length) return pairs;
    const begin = at;
    const equals = text.indexOf('=', at);
    const semicolon = text.indexOf(';', at);
    if (equals < 0 || (semicolon >= 0 && semicolon < equals))
      throw new RangeError(
        `has no "=" in the part that begins at character ${begin + 1}; expected KEYWORD=value`,
      );
    const keyword = text.slice(at, equals).trim();
    if (keyword === '') throw new RangeError(`has no keyword before the "=" at character ${equals + 1}`);
    at = equals + 1;
    skip(/\s/);
    if (text[at] !== '{') {
      const end = text.indexOf(';', at);
      const stop = end < 0 ? text.length : end;
      pairs.push({ keyword, value: text.slice(at, stop).trim() });
      at = stop;
      continue;
    }
    const opened = at;
    let value = '';
    for (at += 1; ; at += 1) {
      if (at >= text.length)
        throw new RangeError(
          `has a "{" at character ${opened + 1} (${keyword}) without its "}"; a "}" that belongs to the value is written "}}"`,
        );
      if (text[at] !== '}') value += text[at];
      else if (text[at + 1] === '}') {
        value += '}';
        at += 1;
      } else break;
    }
    at += 1;
    skip(/\s/);
    if (at < text.length && text[at] !== ';')
      throw new RangeError(
        `has something after the "}" of ${keyword} at character ${at + 1}; expected ";" (a "}" that belongs to the value is written "}}")`,
      );
    pairs.push({ keyword, value });
  }
}
