import { createRequire } from 'node:module';

interface ReadResult {
  value: unknown;
  readonly offset: number;
}
type ReadValue = (
  buffer: Buffer,
  offset: number,
  metadata: { readonly type: { readonly name: string }; readonly scale?: number },
  options: unknown,
) => ReadResult;

function decimalText(digits: bigint, isNegative: boolean, scale: number): string {
  const text = digits.toString().padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  return `${isNegative ? '-' : ''}${whole}${scale > 0 ? `.${text.slice(-scale)}` : ''}`;
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index -= 1) value = value * 256n + BigInt(bytes[index] ?? 0);
  return value;
}

/** The number at `offset`, as MS-TDS writes it: length, sign, magnitude (2.2.5.5.1.6); money as two halves. */
export function exactNumber(buffer: Buffer, offset: number, type: string, scale: number): string | undefined {
  const length = buffer.readUInt8(offset);
  if (type === 'NumericN' || type === 'DecimalN') {
    const isNegative = buffer.readUInt8(offset + 1) !== 1;
    return decimalText(littleEndian(buffer.subarray(offset + 2, offset + 1 + length)), isNegative, scale);
  }
  if (type === 'MoneyN' && length === 8) {
    const value = (BigInt(buffer.readInt32LE(offset + 1)) << 32n) | BigInt(buffer.readUInt32LE(offset + 5));
    return decimalText(value < 0n ? -value : value, value < 0n, 4);
  }
  return undefined;
}

let isDone = false;

/**
 * tedious reads decimals and money as doubles and has no setting for more, so digits beyond the fifteenth would be
 * lost without a word. Its reader is replaced by one that gives those, and only those, as text.
 */
export function keepExactNumbers(): void {
  if (isDone) return;
  isDone = true;
  const parser = createRequire(import.meta.url)('tedious/lib/value-parser.js') as { readValue?: ReadValue };
  const read = parser.readValue;
  if (!read) return;
  parser.readValue = (buffer, offset, metadata, options) => {
    const result = read(buffer, offset, metadata, options);
    if (typeof result.value !== 'number') return result;
    const { name } = metadata.type;
    if (name !== 'NumericN' && name !== 'DecimalN' && name !== 'MoneyN') return result;
    const scale = name === 'MoneyN' ? 4 : (metadata.scale ?? 0);
    if (Math.abs(result.value) * 10 ** scale < 1e15) return result;
    result.value = exactNumber(buffer, offset, name, scale) ?? result.value;
    return result;
  };
}
