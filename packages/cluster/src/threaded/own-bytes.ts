/**
 * The bytes in a buffer that holds nothing else, so that it can be transferred: they themselves where that is so, else a
 * copy. A view of shared memory, or of a part of a buffer, would take the rest along.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const alone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > 0;
  return alone ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
