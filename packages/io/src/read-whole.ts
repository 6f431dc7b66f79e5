import { Buffer, constants } from "node:buffer";
import { GloamError } from "@gloam/common";
import { FileStream, reading, type ByteStream } from "./byte-stream.ts";
import { openWhole } from "./compression.ts";
import { locate } from "./file-location.ts";

/** Of a compressed file the size is not known beforehand. */
const firstBytes = 64 * 1024;

/** All bytes of a file that had so many when it was listed. Throws GLOAM_INPUT_UNREADABLE. */
export function readBytes(path: string, fileBytes: number): Uint8Array {
  const file = reading(path, () => locate(path).system.open(path));
  return readAll(path, new FileStream(path, file, 0, fileBytes), fileBytes);
}

/** The text of a file, decompressed and without a byte order mark. Throws GLOAM_INPUT_UNREADABLE. */
export function readText(path: string, fileBytes: number): string {
  const bytes = readAll(path, openWhole(path, fileBytes), Math.max(firstBytes, fileBytes));
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8", hasMark ? 3 : 0);
  } catch (error) {
    throw tooLarge(path, bytes.length, error);
  }
}

function readAll(path: string, stream: ByteStream, expectedBytes: number): Uint8Array {
  try {
    // One byte more: the end is found without making room for what does not come.
    let bytes = allocate(path, expectedBytes + 1);
    let length = 0;
    for (;;) {
      const read = stream.read(bytes, length, bytes.length - length);
      if (read === 0) return bytes.subarray(0, length);
      length += read;
      if (length < bytes.length) continue;
      const larger = allocate(path, 2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
    }
  } finally {
    stream.close();
  }
}

function allocate(path: string, bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (error) {
    throw tooLarge(path, bytes, error);
  }
}

function tooLarge(path: string, bytes: number, cause: unknown): GloamError {
  return new GloamError("GLOAM_INPUT_UNREADABLE", `${path} has ${bytes} bytes or more, too many for one element`, {
    hint: `read it with textFile; a text has at most ${constants.MAX_STRING_LENGTH} characters`,
    cause,
  });
}
