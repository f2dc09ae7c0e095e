import type { RawReply } from '../../../src-shared/contract/operation';

/** The bytes of an answer that is not JSON, as they come. */
export async function* piecesOf({ body }: RawReply): AsyncIterable<Uint8Array> {
  if (typeof body === 'string') yield Buffer.from(body);
  else if (Symbol.asyncIterator in body) yield* body;
  else yield body;
}

/** The same whole, as text. */
export async function textOf(reply: RawReply): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(reply)) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
