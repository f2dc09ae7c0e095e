import { withoutMacros } from './converted-job';

/** Splits an argument line as Windows programs do (CommandLineToArgvW): quotes group, `\"` is a quote. */
export function splitArguments(line: string): string[] {
  const found: string[] = [];
  let current = '';
  let isOpen = false;
  let hasAny = false;
  for (let index = 0; index < line.length; ) {
    const slashes = /^\\*/.exec(line.slice(index))?.[0].length ?? 0;
    if (slashes > 0) {
      index += slashes;
      hasAny = true;
      if (line[index] !== '"') {
        current += '\\'.repeat(slashes);
        continue;
      }
      current += '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) {
        current += '"';
        index += 1;
      }
      continue;
    }
    const character = line[index] ?? '';
    index += 1;
    if (character === '"') {
      if (isOpen && line[index] === '"') {
        current += '"';
        index += 1;
      } else isOpen = !isOpen;
      hasAny = true;
    } else if (!isOpen && /\s/.test(character)) {
      if (hasAny) found.push(current);
      current = '';
      hasAny = false;
    } else {
      current += character;
      hasAny = true;
    }
  }
  if (hasAny) found.push(current);
  return found;
}

/** What cmd.exe makes of the text behind /c: the outer quotes go, unless they are the one pair around a program. */
function withoutOuterQuotes(line: string): string {
  const inner = /^"([\s\S]*)"$/.exec(line)?.[1];
  if (inner === undefined) return line;
  const isOnePair = !inner.includes('"') && !/[&<>()@^|]/.test(inner) && /\.(exe|com|bat|cmd)$/i.test(inner);
  return isOnePair ? line : inner;
}

/** A program with its argument line as the keys of a command job; `cmd.exe /c LINE` becomes a line for the shell. */
export function windowsCommand(
  program: string,
  argumentLine: string,
): { readonly config: Readonly<Record<string, unknown>>; readonly remarks: readonly string[] } {
  const file = program.trim().replace(/^"([\s\S]*)"$/, '$1');
  const remarks: string[] = [];
  const shell =
    /^(?:.*[\\/])?cmd(?:\.exe)?$/i.test(file) &&
    /^\s*(?:\/[a-z](?::\w+)?\s+)*?\/c\s*([\s\S]+)$/i.exec(argumentLine);
  if (shell)
    return { config: { command: withoutOuterQuotes((shell[1] ?? '').trim()), shell: true }, remarks };
  if (/%[A-Za-z_][A-Za-z0-9_()]*%/.test(`${file} ${argumentLine}`))
    remarks.push(
      'A variable between % signs is filled in there; here only a line for the shell does that: write its value, or use shell: true',
    );
  const list = splitArguments(argumentLine);
  return {
    config: {
      command: withoutMacros(file),
      ...(list.length === 0 ? {} : { arguments: list.map(withoutMacros) }),
    },
    remarks,
  };
}
