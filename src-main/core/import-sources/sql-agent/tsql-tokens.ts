import { AppError } from '../../../../src-shared/errors';

export interface Token {
  /** `word` for names and keywords, in brackets or not; `variable` begins with @. */
  readonly kind: 'word' | 'variable' | 'text' | 'number' | 'mark';
  readonly text: string;
  readonly line: number;
}

const forms: readonly (readonly [Token['kind'] | 'nothing', RegExp])[] = [
  ['nothing', /\s+|--[^\n]*/y],
  ['text', /[Nn]?'(?:[^']|'')*'/y],
  ['variable', /@@?[\p{L}\p{N}_@$#]+/uy],
  ['word', /\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*"/y],
  ['number', /0[xX][0-9A-Fa-f]*|\d+(?:\.\d+)?/y],
  ['word', /[\p{L}_#][\p{L}\p{N}_@$#]*/uy],
  ['mark', /[\s\S]/y],
];

function plain(kind: Token['kind'], text: string): string {
  if (kind === 'text') return text.slice(text.indexOf("'") + 1, -1).replaceAll("''", "'");
  if (kind === 'word' && text.startsWith('[')) return text.slice(1, -1).replaceAll(']]', ']');
  if (kind === 'word' && text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  return text;
}

/** T-SQL as tokens, without comments (which nest). Throws `validation_failed` for a comment or text without an end. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  const refuse = (what: string): never => {
    throw new AppError('validation_failed', `line ${line}: ${what} that begins here has no end`);
  };
  for (let at = 0; at < sql.length; ) {
    if (sql.startsWith('/*', at)) {
      let depth = 1;
      let end = at + 2;
      while (depth > 0) {
        const next = /\/\*|\*\//g;
        next.lastIndex = end;
        const found = next.exec(sql) ?? refuse('the comment');
        depth += found[0] === '/*' ? 1 : -1;
        end = next.lastIndex;
      }
      line += sql.slice(at, end).split('\n').length - 1;
      at = end;
      continue;
    }
    for (const [kind, form] of forms) {
      form.lastIndex = at;
      const match = form.exec(sql);
      if (!match) continue;
      const [text] = match;
      if (kind === 'mark' && text === "'") refuse('the text');
      if (kind !== 'nothing') tokens.push({ kind, text: plain(kind, text), line });
      line += text.split('\n').length - 1;
      at += text.length;
      break;
    }
  }
  return tokens;
}
