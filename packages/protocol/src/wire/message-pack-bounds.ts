import { frameInvalid } from "./frame-invalid.ts";

/** What a message may be at most. */
export interface MessageBounds {
  /** Arrays and maps within each other. */
  readonly depth: number;
  /** Values in all, keys counted. */
  readonly values: number;
}

/** For control messages. */
export const controlBounds: MessageBounds = { depth: 12, values: 4_000_000 };

/** Bytes after the code that hold a length, or the value itself, by code from 0xc0. Undefined for codes that are never written. */
const sizes: readonly (number | "bytes" | "array" | "map" | undefined)[] = [
  ...[0, undefined, 0, 0], // nil, (unused), false, true
  ...(["bytes", "bytes", "bytes"] as const), // bin 8, 16, 32
  ...[undefined, undefined, undefined], // extensions
  ...[4, 8], // float 32, 64
  ...[1, 2, 4, undefined], // uint 8, 16, 32, 64
  ...[1, 2, 4, undefined], // int 8, 16, 32, 64
  ...[undefined, undefined, undefined, undefined, undefined], // extensions of fixed size
  ...(["bytes", "bytes", "bytes"] as const), // str 8, 16, 32
  ...(["array", "array"] as const), // 16, 32
  ...(["map", "map"] as const), // 16, 32
];

/**
 * Reads MessagePack from end to end without making anything of it, so that nothing large, deep or strange is decoded: no
 * extensions, no 64-bit integers, no container that claims more values than there are bytes. About 1 ns a byte of small values.
 * @throws GloamError `GLOAM_FRAME_INVALID`
 */
export function checkBounds(bytes: Uint8Array, { depth, values }: MessageBounds): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const left: number[] = [];
  let open = 1;
  let count = 0;
  let at = 0;
  for (;;) {
    while (open === 0) {
      const outer = left.pop();
      if (outer === undefined) {
        if (at !== bytes.length) throw frameInvalid("bytes follow its message");
        return;
      }
      open = outer;
    }
    open--;
    const code = bytes[at++];
    if (code === undefined) throw frameInvalid("its message is cut off");
    if (++count > values) throw frameInvalid(`its message has more than ${values} values`);
    let contained = 0;
    if (code < 0x80 || code >= 0xe0) continue;
    else if (code < 0x90) contained = (code & 15) * 2;
    else if (code < 0xa0) contained = code & 15;
    else if (code < 0xc0) at += code & 31;
    else {
      const size = sizes[code - 0xc0];
      if (size === undefined) throw frameInvalid("its message has a value that no message has");
      if (typeof size === "number") at += size;
      else {
        const width = widthOf(code, size);
        if (at + width > bytes.length) throw frameInvalid("its message is cut off");
        const length = width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at) : view.getUint32(at);
        at += width;
        if (size === "bytes") at += length;
        else contained = size === "map" ? length * 2 : length;
      }
    }
    if (at + contained > bytes.length) throw frameInvalid("its message is cut off");
    if (contained === 0) continue;
    left.push(open);
    if (left.length > depth) throw frameInvalid(`its message is nested deeper than ${depth}`);
    open = contained;
  }
}

/** Bytes of the length after a code. */
function widthOf(code: number, size: "bytes" | "array" | "map"): number {
  if (size !== "bytes") return code % 2 === 0 ? 2 : 4;
  return 1 << ((code - (code < 0xc7 ? 0xc4 : 0xd9)) & 3);
}
