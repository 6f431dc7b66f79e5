import { Bzip2Stream, isBzip2 } from "./bzip2-stream.ts";
import type { ByteStream } from "./byte-stream.ts";
import { FileStream, reading } from "./byte-stream.ts";
import { locate } from "./file-location.ts";
import { GzipStream, isGzip } from "./gzip-stream.ts";
import { isZstd, ZstdStream } from "./zstd-stream.ts";

/** How a file is compressed. */
export type Compression = "gzip" | "bzip2" | "zstd";

/** Bytes of a file's beginning that `compressionOf` looks at. */
export const headBytes = 10;

/** By the name, else by what the file begins with. */
export function compressionOf(path: string, head: Uint8Array): Compression | undefined {
  return (
    compressionByName(path) ?? (isGzip(head) ? "gzip" : isBzip2(head) ? "bzip2" : isZstd(head) ? "zstd" : undefined)
  );
}

/** What a name promises. */
export function compressionByName(path: string): Compression | undefined {
  if (path.endsWith(".gz")) return "gzip";
  if (path.endsWith(".bz2")) return "bzip2";
  return path.endsWith(".zst") ? "zstd" : undefined;
}

/** The text of a compressed file. Closes `source` with itself. */
export function decompress(compression: Compression, path: string, source: ByteStream): ByteStream {
  switch (compression) {
    case "gzip":
      return new GzipStream(path, source);
    case "bzip2":
      return new Bzip2Stream(path, source);
    case "zstd":
      return new ZstdStream(path, source);
  }
}

/** Opens a whole file of so many bytes, decompressed where it is compressed. */
export function openWhole(path: string, fileBytes: number): ByteStream {
  const file = reading(path, () => locate(path).system.open(path));
  try {
    const head = new Uint8Array(headBytes);
    const known = reading(path, () => file.read(head, 0, headBytes, 0));
    const compression = compressionOf(path, head.subarray(0, known));
    const stream = new FileStream(path, file, 0, fileBytes);
    return compression === undefined ? stream : decompress(compression, path, stream);
  } catch (error) {
    file.close();
    throw error;
  }
}
