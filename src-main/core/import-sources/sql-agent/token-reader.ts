import type { AgentValue } from './agent-rows';
import type { Token } from './tsql-tokens';

/** Goes through T-SQL token by token. */
export interface TokenReader {
  peek(ahead?: number): Token | undefined;
  skip(count: number): void;
  isMark(text: string, ahead?: number): boolean;
  /** A keyword or name, in any case. */
  isWord(text: string, ahead?: number): boolean;
  /**
   * A constant, a known variable, CHAR(n), or such joined by +. What can't be known without a server is skipped up to
   * the next comma or statement, and is undefined.
   */
  value(variables: ReadonlyMap<string, AgentValue>): AgentValue | undefined;
  /** `@a nvarchar(50) = N'x', @b int` behind DECLARE: sets those that have a value. */
  declaration(variables: Map<string, AgentValue>): void;
}

const statement =
  /^(exec|execute|set|select|begin|end|declare|if|else|goto|commit|go|rollback|print|use|return|insert|update|delete|while|output|out)$/i;

export function createTokenReader(tokens: readonly Token[]): TokenReader {
  let index = 0;
  const peek = (ahead = 0): Token | undefined => tokens[index + ahead];
  const isMark = (text: string, ahead = 0) => peek(ahead)?.kind === 'mark' && peek(ahead)?.text === text;
  const isWord = (text: string, ahead = 0) =>
    peek(ahead)?.kind === 'word' && peek(ahead)?.text.toLowerCase() === text;
  const isEnd = () => {
    const token = peek();
    return !token || isMark(';') || isMark(',') || (token.kind === 'word' && statement.test(token.text));
  };

  const skipRest = () => {
    for (let depth = 0; peek(); index += 1) {
      if (depth === 0 && (isEnd() || isMark(')'))) return;
      if (isMark('(')) depth += 1;
      else if (isMark(')')) depth -= 1;
    }
  };

  /** One part between plus signs; undefined when it is no constant. */
  const part = (variables: ReadonlyMap<string, AgentValue>): AgentValue | undefined => {
    let sign = 1;
    if (isMark('-')) {
      sign = -1;
      index += 1;
    }
    const token = peek();
    if (!token) return undefined;
    if (
      (isWord('char') || isWord('nchar')) &&
      isMark('(', 1) &&
      peek(2)?.kind === 'number' &&
      isMark(')', 3)
    ) {
      const code = Number(peek(2)?.text);
      index += 4;
      return String.fromCharCode(code);
    }
    if (token.kind === 'text' || token.kind === 'number' || token.kind === 'variable' || isWord('null')) {
      index += 1;
      switch (token.kind) {
        case 'text':
          return token.text;
        case 'number':
          return sign * Number(token.text.toLowerCase() === '0x' ? 0 : token.text);
        case 'variable':
          return variables.get(token.text.toLowerCase());
        default:
          return null;
      }
    }
    return undefined;
  };

  const value: TokenReader['value'] = (variables) => {
    const begin = index;
    let found = part(variables);
    let isKnown = found !== undefined;
    while (isMark('+')) {
      index += 1;
      const next = part(variables);
      isKnown &&= next !== undefined;
      found = `${found ?? ''}${next ?? ''}`;
    }
    const isGoingOn = index === begin || (peek()?.kind === 'mark' && !isEnd() && !isMark(')'));
    if (!isGoingOn) return isKnown ? found : undefined;
    skipRest();
    return undefined;
  };

  return {
    peek,
    skip: (count) => {
      index += count;
    },
    isMark,
    isWord,
    value,
    declaration(variables) {
      for (;;) {
        const name = peek();
        if (name?.kind !== 'variable') return;
        index += 1;
        for (let depth = 0; peek() && !(depth === 0 && (isMark('=') || isEnd())); index += 1) {
          if (isMark('(')) depth += 1;
          else if (isMark(')')) depth -= 1;
        }
        if (isMark('=')) {
          index += 1;
          const initial = value(variables);
          if (initial !== undefined) variables.set(name.text.toLowerCase(), initial);
        }
        if (!isMark(',')) return;
        index += 1;
      }
    },
  };
}
