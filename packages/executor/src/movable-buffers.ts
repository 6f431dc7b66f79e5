/** Bytes below which a message is copied. */
const fewestMoved = 1 << 20;

/**
 * The buffers of a result that are better moved to another thread than copied: of a large one that is a whole buffer. As soon as a thread
 * has moved any, V8 gives up all its code for typed arrays, which relied on their buffers' staying, and compiles it again with a
 * test at each access. Loops of a stage take 50 to 100 ms for that.
 */
export function movableBuffers(result: Uint8Array): ArrayBuffer[] {
  const { buffer, byteLength } = result;
  const isWhole = buffer instanceof ArrayBuffer && byteLength === buffer.byteLength;
  return isWhole && byteLength >= fewestMoved ? [buffer] : [];
}
