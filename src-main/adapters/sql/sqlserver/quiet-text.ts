/** Stands in the place of every character of a string or quoted name: not a space, not part of a name. */
const quiet = '\u0001';

/**
 * A T-SQL text of the same length in which strings and quoted names are \u0001 and comments are spaces; line ends stay.
 * What is found in it at some place is code at that place of the text. Block comments nest, as T-SQL's do.
 */
export function quietText(text: string): string {
  const out: string[] = [];
  const opening = /'|"|\[|--|\/\*/g;
  let copied = 0;
  const blank = (from: number, to: number, sign: string) => {
    out.push(text.slice(copied, from), text.slice(from, to).replace(/[^\r\n]/g, sign));
    copied = to;
  };
  const closing = (from: number, close: string): number => {
    // A doubled closing sign is the sign itself, not the end.
    for (let at = text.indexOf(close, from); at >= 0; at = text.indexOf(close, at + 2))
      if (text[at + 1] !== close) return at + 1;
    return text.length;
  };
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const from = match.index;
    let to: number;
    if (match[0] === '--') {
      const end = text.slice(from).search(/[\r\n]/);
      to = end < 0 ? text.length : from + end;
      blank(from, to, ' ');
    } else if (match[0] === '/*') {
      to = commentEnd(text, from);
      blank(from, to, ' ');
    } else {
      to = closing(from + 1, match[0] === '[' ? ']' : match[0]);
      blank(from, to, quiet);
    }
    opening.lastIndex = to;
  }
  out.push(text.slice(copied));
  return out.join('');
}

function commentEnd(text: string, from: number): number {
  const sign = /\/\*|\*\//g;
  sign.lastIndex = from + 2;
  let depth = 1;
  for (let match = sign.exec(text); match; match = sign.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return match.index + 2;
  }
  return text.length;
}
