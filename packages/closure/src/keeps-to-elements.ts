/**
 * What code writes that wants to know an array's buffer, to keep something where other code finds it, be it in a value of `onExecutor`
 * ("gloam.onExecutor" in an encoded graph), or to load code whose text is not here.
 */
const words = ["buffer", "byteOffset", "global", "onExecutor", "process", "require", "Function", "eval"].flatMap(
  (word) => [Buffer.from(word), Buffer.from(word, "utf16le")],
);

/**
 * Whether code asks no typed array for its buffer, and leaves none to code that may. By its text, which stands in the encoded graph
 * beside that of all functions that are captured; of what modules do nothing is known.
 */
export function keepsToElements(snapshot: {
  readonly bytes: Uint8Array;
  readonly modules: readonly string[];
  readonly blobs: readonly { readonly bytes: Uint8Array }[];
}): boolean {
  if (snapshot.modules.length > 0) return false;
  return [snapshot, ...snapshot.blobs].every(({ bytes }) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return !words.some((word) => text.includes(word));
  });
}
