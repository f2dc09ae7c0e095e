import Anser from 'anser';

/** A stretch of an output line that looks the same. Always text: nothing of it is ever read as HTML. */
export interface TextPart {
  readonly text: string;
  /** `red`, `bright-blue`, ... or the three numbers of a colour. */
  readonly colour?: string;
  readonly ground?: string;
  readonly isBold?: boolean;
  readonly isDim?: boolean;
  readonly isItalic?: boolean;
  readonly isUnderlined?: boolean;
  /** http or https; other addresses are not made links of. */
  readonly href?: string;
  /** A character that is not to be seen, shown by its name. */
  readonly isSign?: boolean;
}

/* Control characters are this file's subject. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const sgr = /\u001b\[([0-9;:]*)m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const link = /\u001b\]8;[^;\u0007\u001b]*;([^\u0007\u001b]*)(?:\u0007|\u001b\\)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const otherEscapes = /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\[[0-?]*[ -/]*[@-ln-~]|[@-Z\\^_])/g;
/** Controls, and what turns the order of text around: they are named, so that a line can't look like another. */
const hidden = [
  ['\\0', '\\x08'],
  ['\\v', '\\x1f'],
  ['\\x7f', '\\x9f'],
  ['\\u200b', '\\u200b'],
  ['\\u200e', '\\u200f'],
  ['\\u2028', '\\u202e'],
  ['\\u2066', '\\u2069'],
  ['\\ufeff', '\\ufeff'],
  ['\\ufffd', '\\ufffd'],
];
const signs = new RegExp(`[${hidden.map(([from, to]) => `${from}-${to}`).join('')}]`);
const isPlain = (text: string) => !text.includes('\u001b') && !signs.test(text);

/** The colours in force behind a text, as the sequences that set them; '' for none. */
export function styleBehind(before: string, text: string): string {
  if (!text.includes('\u001b[')) return before;
  let style = before;
  for (const [sequence, codes = ''] of text.matchAll(sgr)) {
    if (codes === '' || /^0*$/.test(codes)) style = '';
    else style = /^0+;/.test(codes) ? sequence : `${style}${sequence}`.slice(-80);
  }
  // A slice may have cut a sequence; what is left of it means nothing.
  return style.slice(Math.max(0, style.indexOf('\u001b')));
}

const pictured = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0xfffd) return '\ufffd';
  if (code < 32) return String.fromCharCode(0x2400 + code);
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
};

/** Cuts out the characters that can't be seen and names them. */
function withSigns(part: TextPart): TextPart[] {
  if (!signs.test(part.text)) return [part];
  return part.text
    .split(new RegExp(`(${signs.source})`))
    .filter((piece) => piece !== '')
    .map((piece) => (signs.test(piece) ? { text: pictured(piece), isSign: true } : { ...part, text: piece }));
}

const colourOf = (name: string | null, truecolour: string | null): string | undefined => {
  if (name === null) return undefined;
  if (name === 'ansi-truecolor') return truecolour ?? undefined;
  const palette = /^ansi-palette-(\d+)$/.exec(name)?.[1];
  if (palette !== undefined) return paletteColour(Number(palette));
  return name.replace(/^ansi-/, '');
};

/** The 256-colour table above its first 16: a cube of 6 x 6 x 6, and greys. */
function paletteColour(index: number): string {
  if (index >= 232)
    return Array(3)
      .fill(8 + (index - 232) * 10)
      .join(', ');
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const rest = index - 16;
  return [Math.floor(rest / 36), Math.floor(rest / 6) % 6, rest % 6].map(level).join(', ');
}

function coloured(text: string, href: string | undefined): TextPart[] {
  return Anser.ansiToJson(text.replace(otherEscapes, ''), { use_classes: true, remove_empty: true }).flatMap(
    (part) => {
      const has = new Set(part.decorations);
      const [fore, back] = has.has('reverse')
        ? [colourOf(part.bg, part.bg_truecolor) ?? 'reversed', colourOf(part.fg, part.fg_truecolor) ?? 'text']
        : [colourOf(part.fg, part.fg_truecolor), colourOf(part.bg, part.bg_truecolor)];
      return withSigns({
        text: part.content,
        ...(fore === undefined ? {} : { colour: fore }),
        ...(back === undefined ? {} : { ground: back }),
        ...(has.has('bold') ? { isBold: true } : {}),
        ...(has.has('dim') ? { isDim: true } : {}),
        ...(has.has('italic') ? { isItalic: true } : {}),
        ...(has.has('underline') ? { isUnderlined: true } : {}),
        ...(href === undefined ? {} : { href }),
      });
    },
  );
}

/**
 * What is drawn of a line: colours of terminals as looks, links of terminals (OSC 8) when they lead to http(s), other
 * sequences left out, and of a line that was written over by carriage returns what was left standing.
 * `style`: sequences in force before the line (see styleBehind).
 */
export function partsOfLine(line: string, style = ''): readonly TextPart[] {
  if (style === '' && isPlain(line)) return [{ text: line }];
  const [shown = '', overwritten] = lastWritten(line);
  const parts: TextPart[] = overwritten > 0 ? [{ text: `↻${overwritten}`, isSign: true }] : [];
  let href: string | undefined;
  let before = style;
  const pieces = shown.split(link);
  pieces.forEach((piece, index) => {
    if (index % 2 === 1) {
      href = /^https?:\/\//i.test(piece) && URL.canParse(piece) ? piece : undefined;
      return;
    }
    parts.push(...coloured(before + piece, href));
    before = styleBehind(before, piece);
  });
  return parts;
}

/** The last thing that carriage returns left on a line, and how often it was written over. */
function lastWritten(line: string): readonly [string, number] {
  if (!line.includes('\r')) return [line, 0];
  const pieces = line.split('\r').filter((piece) => piece !== '');
  return [pieces.at(-1) ?? '', Math.max(0, pieces.length - 1)];
}
