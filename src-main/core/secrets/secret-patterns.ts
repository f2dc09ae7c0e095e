const encoder = new TextEncoder();

/** Shorter texts would mask half of every output. */
export const shortestSecret = 4;
/** Pieces of an encoding shorter than this are not telling. */
const shortestPiece = 6;
/** Widths at which tools break base64: `base64`, PEM. */
const wraps = [76, 64];

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * The part of base64 that is the same whatever stands before and behind the secret: it depends on how many bytes
 * come before it, modulo three.
 */
function base64Pieces(bytes: Uint8Array): string[] {
  const whole = base64(bytes).replace(/=+$/, '');
  const pieces = [0, 1, 2].map((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    const text = base64(shifted).replace(/=+$/, '');
    const from = before === 0 ? 0 : before + 1;
    // The last character also holds bits of what follows, unless the bytes end with it.
    const to = (before + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    return text.slice(from, to);
  });
  const lines = wraps.flatMap((width) =>
    whole.length <= width ? [] : (whole.match(new RegExp(`.{1,${width}}`, 'g')) ?? []),
  );
  return [whole, ...pieces, ...lines.filter((line) => line.length >= 16)];
}

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const jsonAscii = (text: string): string =>
  json(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** Encoders agree on these signs, and each has its own way with quotation marks. */
function html(text: string): string[] {
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return ['&quot;', '&#34;'].flatMap((double) =>
    ["'", '&#39;', '&#x27;', '&apos;'].map((single) => plain.replaceAll('"', double).replaceAll("'", single)),
  );
}

/** Inside the quotation marks of SQL, CSV, PowerShell and a shell. */
const quoted = (text: string): string[] => [
  text.replaceAll("'", "''"),
  text.replaceAll('"', '""'),
  text.replaceAll("'", "'\\''"),
];
const lowerEscapes = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());

function url(text: string): string[] {
  let component: string;
  try {
    component = encodeURIComponent(text);
  } catch {
    // A lone half of a surrogate pair has no UTF-8, so no URL form.
    return [];
  }
  // What encodeURIComponent leaves, other encoders do not.
  const strict = component.replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  const form = strict.replaceAll('%20', '+');
  // Of a path, and of a whole address.
  const path = [component, strict].map((one) => one.replaceAll('%2F', '/'));
  return [component, strict, form, ...path, encodeURI(text)].flatMap((one) => [one, lowerEscapes(one)]);
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    bytes[index * 2] = unit & 0xff;
    bytes[index * 2 + 1] = unit >> 8;
  }
  return bytes;
}

/** Every form in which an output commonly shows a secret, as UTF-8 bytes; empty for one too short to be masked. */
export function secretPatterns(secret: string): Uint8Array[] {
  if (secret.length < shortestSecret) return [];
  const bytes = encoder.encode(secret);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const encoded = [...base64Pieces(bytes), ...base64Pieces(utf16(secret)), hex, hex.toUpperCase()];
  const lines = secret.split(/\r?\n/);
  const forms = [
    secret,
    secret.trim(),
    json(secret),
    jsonAscii(secret),
    ...html(secret),
    ...quoted(secret),
    ...url(secret),
    // A terminal breaks lines its own way, so each line of a longer secret is one.
    ...(lines.length > 1
      ? lines.map((line) => line.trim()).filter((line) => line.length >= shortestPiece)
      : []),
  ].filter((form) => form.length >= shortestSecret);
  const pieces = [...encoded, ...encoded.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'))].filter(
    (piece) => piece.length >= shortestPiece,
  );
  return [...new Set([...forms, ...pieces])].map((form) => encoder.encode(form));
}
