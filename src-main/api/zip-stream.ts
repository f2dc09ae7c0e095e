/** One file of an archive: a text, or bytes as they come. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | AsyncIterable<Uint8Array>;
}

/** A zip archive, piece by piece while its entries are read: nothing is held but what is on its way. */
export async function* zipStream(
  entries: AsyncIterable<ZipEntry>,
  modified: number,
): AsyncIterable<Uint8Array> {
  // Loaded by the first archive.
  const { Zip, ZipDeflate } = await import('fflate');
  let ready: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, piece) => {
    if (error) failure = error;
    else ready.push(piece);
  });
  const take = (): Uint8Array[] => {
    if (failure) throw failure;
    const pieces = ready;
    ready = [];
    return pieces;
  };
  for await (const { name, content } of entries) {
    const file = new ZipDeflate(name, { level: 6 });
    file.mtime = modified;
    zip.add(file);
    if (typeof content === 'string') file.push(new TextEncoder().encode(content), true);
    else {
      for await (const piece of content) {
        file.push(piece);
        yield* take();
      }
      file.push(new Uint8Array(0), true);
    }
    yield* take();
  }
  zip.end();
  yield* take();
}
