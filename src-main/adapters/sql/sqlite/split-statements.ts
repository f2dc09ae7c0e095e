/**
 * Splits an SQL script at the semicolons that end statements: not those in strings, quoted names, comments, or in
 * the body of a trigger. Parts without a statement are left out.
 */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  const token =
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|;|\b(?:case|begin|end)\b/gi;
  let start = 0;
  let depth = 0;
  const push = (end: number) => {
    const statement = text.slice(start, end);
    const bare = statement.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim();
    if (bare !== '') statements.push(statement.trim());
    start = end + 1;
  };
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const word = match[0].toLowerCase();
    const isTrigger = /^\s*create\s+(temp(orary)?\s+)?trigger\b/i.test(text.slice(start));
    if (word === 'case' || (word === 'begin' && isTrigger)) depth += 1;
    else if (word === 'end') depth = Math.max(0, depth - 1);
    else if (word === ';' && (depth === 0 || !isTrigger)) {
      push(match.index);
      depth = 0;
    }
  }
  push(text.length);
  return statements;
}
