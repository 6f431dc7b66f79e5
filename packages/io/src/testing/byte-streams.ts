import type { ByteStream } from "../byte-stream.ts";

/** Bytes as a stream that gives at most `step` of them at a time. */
export function streamOf(bytes: Uint8Array, step = Infinity): ByteStream {
  let at = 0;
  return {
    read(target, offset, length) {
      const piece = bytes.subarray(at, at + Math.min(length, step));
      target.set(piece, offset);
      at += piece.length;
      return piece.length;
    },
    close: () => undefined,
  };
}

/** All that a stream gives, asked for in steps, as text. Writes nowhere but where it may. */
export function textOf(stream: ByteStream, step = 1000): string {
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.alloc(step + 2);
    const read = stream.read(piece, 1, step);
    if (piece[0] !== 0 || piece[step + 1] !== 0) throw new Error("it wrote beside its place");
    if (read === 0) break;
    pieces.push(piece.subarray(1, 1 + read));
  }
  stream.close();
  return Buffer.concat(pieces).toString();
}
