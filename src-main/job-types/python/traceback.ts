interface Frame {
  readonly file: string;
  readonly line: number;
  readonly name: string | undefined;
  readonly text: string | undefined;
}

const frameLine = /^\s*File "(.+)", line (\d+)(?:, in (.+))?$/;
const header = /^(?:Exception Group )?Traceback \(most recent call last\):\s*$/;
const exceptionLine = /^([A-Za-z_][\w.]*)(?::\s?(.*))?$/;
/** Errors of the text itself have no traceback before them. */
const syntaxError = /^(?:SyntaxError|IndentationError|TabError)\b/;

/** Frames of Python itself and of packages say less than the line of the job's own that led there. */
const isForeign = ({ file }: Frame) =>
  /[\\/](site-packages|dist-packages)[\\/]|[\\/]lib[\\/]python\d|[\\/]Lib[\\/](?!site)|^<frozen/.test(file);

function readFrames(lines: readonly string[]): Frame[] {
  return lines.flatMap((line, index) => {
    const match = frameLine.exec(line);
    if (!match) return [];
    const next = lines[index + 1] ?? '';
    const isSource = /^\s{4,}\S/.test(next) && !frameLine.test(next) && !/^\s*[\^~]+\s*$/.test(next);
    return {
      file: match[1] ?? '',
      line: Number(match[2]),
      name: match[3] === '<module>' ? undefined : match[3],
      text: isSource ? next.trim() : undefined,
    };
  });
}

const shorten = (text: string, longest: number) =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

/**
 * The last exception on a stderr, with its place: `ValueError: bad date (load.py, line 12, in read: parse(text))`.
 * Undefined when there is none. `inline` is the file of script_content.
 */
export function describeTraceback(errors: string, inline: string | undefined): string | undefined {
  // Groups of exceptions are drawn with a margin; without it they read like the others.
  const lines = errors.split(/\r?\n/).map((line) => line.replace(/^ {2}[|+] /, ''));
  const start = lines.findLastIndex((line) => header.test(line));
  // The exception's own line is the first one that is not indented under the frames.
  const found =
    start >= 0
      ? lines.findIndex((line, index) => index > start && exceptionLine.test(line))
      : lines.findLastIndex((line) => syntaxError.test(line));
  const [, kind, message] = exceptionLine.exec(lines[found] ?? '') ?? [];
  if (found < 0 || kind === undefined) return undefined;
  const from = start >= 0 ? start : Math.max(0, found - 6);
  const frames = readFrames(lines.slice(from, found));
  const frame =
    (syntaxError.test(kind) ? frames : frames.filter((one) => !isForeign(one))).at(-1) ?? frames.at(-1);
  const what = shorten(message ? `${kind}: ${message}` : kind, 500);
  if (!frame) return what;
  const file = frame.file === inline ? 'script_content' : (frame.file.split(/[\\/]/).at(-1) ?? frame.file);
  const name = frame.name === undefined ? '' : `, in ${frame.name}`;
  const text = frame.text === undefined ? '' : `: ${shorten(frame.text, 120)}`;
  return `${what} (${file}, line ${frame.line}${name}${text})`;
}
