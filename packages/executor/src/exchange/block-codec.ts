import { GloamError, type BlockCodecName } from "@gloam/common";
import * as zlib from "node:zlib";

/** What blocks are compressed with on their way, in any thread. Both ways take what lies in shared memory. */
export interface BlockCodec {
  readonly name: BlockCodecName;
  /** In memory of its own. */
  compress(bytes: Uint8Array): Uint8Array;
  /**
   * Makes just so many bytes, or throws some error: whatever it is given, it takes no more memory than for those.
   * @returns The bytes from the beginning of an ArrayBuffer that is nobody else's.
   */
  decompress(compressed: Uint8Array, length: number): Uint8Array<ArrayBuffer>;
}

type OneShot = (bytes: Uint8Array, options: OneShotOptions) => Buffer<ArrayBuffer>;

interface OneShotOptions {
  readonly level?: number;
  readonly params?: Readonly<Record<number, number>>;
  /** Bytes for the result: it is put together from pieces where they do not suffice. */
  readonly chunkSize: number;
  readonly maxOutputLength?: number;
}

/** What Node.js has from 22.15 on, and the types of older versions do not. */
interface Zstandard {
  readonly zstdCompressSync?: OneShot;
  readonly zstdDecompressSync?: OneShot;
}

const { constants, deflateRawSync, inflateRawSync, zstdCompressSync, zstdDecompressSync } = zlib as typeof zlib &
  Zstandard & { readonly constants: Readonly<Record<string, number>> };

/** zlib takes no smaller pieces. */
const leastRoom = 64;
/** Level 1 of either: others save a few percent, and take twice the time (decision 31). */
const level = 1;
/** Logarithm of the bytes that Zstandard looks back, which is memory that the other side needs: it takes no more. */
const windowLog = 19;

/**
 * A codec of this Node.js.
 * @throws GloamError `GLOAM_CONF_INVALID` where it has none.
 */
export function blockCodec(name: BlockCodecName): BlockCodec {
  switch (name) {
    case "deflate":
      return codec(name, [deflateRawSync, { level }], [inflateRawSync, {}]);
    case "zstd":
      if (zstdCompressSync === undefined || zstdDecompressSync === undefined) {
        throw new GloamError("GLOAM_CONF_INVALID", `'network.compression': Node.js ${process.version} has no zstd`, {
          hint: "use Node.js 22.15 or newer, or deflate",
        });
      }
      return codec(
        name,
        [
          zstdCompressSync,
          { params: { [constants["ZSTD_c_compressionLevel"]!]: level, [constants["ZSTD_c_windowLog"]!]: windowLog } },
        ],
        [zstdDecompressSync, { params: { [constants["ZSTD_d_windowLogMax"]!]: windowLog } }],
      );
    default:
      return name satisfies never;
  }
}

type Way = readonly [run: OneShot, options: Omit<OneShotOptions, "chunkSize" | "maxOutputLength">];

function codec(name: BlockCodecName, [pack, packing]: Way, [unpack, unpacking]: Way): BlockCodec {
  return {
    name,
    compress(bytes) {
      const compressed = pack(bytes, { ...packing, chunkSize: Math.max(leastRoom, bytes.length) });
      // Until they are sent, they would hold the room for what has not shrunk.
      return new Uint8Array(compressed);
    },
    decompress(compressed, length) {
      // One byte more than is wanted: else zlib would make room for another piece before it sees that there is none.
      const room = Math.max(leastRoom, length + 1);
      const bytes = unpack(compressed, { ...unpacking, chunkSize: room, maxOutputLength: Math.max(1, length) });
      if (bytes.length !== length) throw new RangeError(`there were ${bytes.length} bytes in it, not ${length}`);
      return bytes.byteOffset === 0 && bytes.buffer.byteLength === room ? bytes : new Uint8Array(bytes);
    },
  };
}
