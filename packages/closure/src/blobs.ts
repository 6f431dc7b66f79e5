import { createHash } from "node:crypto";
import type { CapturedBlob } from "./captured-function.ts";
import { malformed, type ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Values whose encoding is larger than this, in bytes, are split out as blobs. */
export const blobThreshold = 100 * 1024;

/** Gives the bytes of a blob by its hex hash, or undefined when it has none. */
export type BlobResolver = (hash: string) => Uint8Array | undefined;

/** Collects what is too large to stay inline. */
export class BlobSplitter {
  readonly #blobs = new Map<string, Uint8Array>();

  /** Writes bytes inline, or, when they are large, as the hash and length of a blob. */
  write(writer: ByteWriter, bytes: Uint8Array): void {
    if (bytes.length <= blobThreshold) {
      writer.byte(0);
      writer.bytes(bytes);
      return;
    }
    const hash = createHash("sha256").update(bytes).digest();
    writer.byte(1);
    writer.raw(hash);
    writer.unsigned(bytes.length);
    const name = hash.toString("hex");
    if (!this.#blobs.has(name)) this.#blobs.set(name, new Uint8Array(bytes));
  }

  /** Takes over the blobs of a nested graph. */
  add(blobs: readonly CapturedBlob[]): void {
    for (const { hash, bytes } of blobs) this.#blobs.set(hash, bytes);
  }

  finish(): CapturedBlob[] {
    return Array.from(this.#blobs, ([hash, bytes]) => ({ hash, bytes }));
  }
}

/** Reads what `BlobSplitter.write` wrote. */
export function readBlob(reader: ByteReader, resolve: BlobResolver): Uint8Array {
  if (reader.byte() === 0) return reader.bytes();
  const hash = Buffer.from(reader.raw(32)).toString("hex");
  const length = reader.unsigned();
  const bytes = resolve(hash);
  if (bytes === undefined) throw malformed(`blob ${hash} is missing`);
  if (bytes.length !== length) throw malformed(`blob ${hash} has another length than announced`);
  return bytes;
}
