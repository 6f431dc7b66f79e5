import { GloamError } from "@gloam/common";
import { BitReader } from "./bit-reader.ts";
import { Bzip2Block } from "./bzip2-block.ts";
import type { ByteStream } from "./byte-stream.ts";

const blockMagic = [0x314159, 0x265359] as const;
const endMagic = [0x177245, 0x385090] as const;
const levelBytes = 100_000;

/** Remainders of CRC-32 with the highest bit first, as bzip2 computes it. */
const remainders = Uint32Array.from({ length: 256 }, (_, value) => {
  let remainder = value << 24;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder << 1) ^ (remainder < 0 ? 0x04c11db7 : 0);
  return remainder >>> 0;
});

/** Whether a file begins like a bzip2 file that has a block, or like one without any. Needs ten bytes. */
export function isBzip2(head: Uint8Array): boolean {
  const hex = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("hex");
  return /^425a683[1-9](?:314159265359|177245385090)$/.test(hex);
}

/**
 * The text of a bzip2 file of one or more streams, in memory of fixed size: 4 MB for the largest blocks. Checksums are
 * checked; damaged, cut or foreign data is GLOAM_INPUT_UNREADABLE.
 *
 * Written here, because no library gives the bytes synchronously, as they are asked for, and a block at a time.
 */
export class Bzip2Stream implements ByteStream {
  readonly #path: string;
  readonly #source: ByteStream;
  readonly #bits: BitReader;
  readonly #damaged = (what: string): GloamError =>
    new GloamError("GLOAM_INPUT_UNREADABLE", `${this.#path} is no intact bzip2 file: ${what}`);
  #links = new Uint32Array(0);
  #block: Bzip2Block | undefined;
  /** What the checksum of the block must be, and is so far. */
  #wanted = 0;
  #checksum = 0;
  /** Of all blocks of the stream. */
  #streamChecksum = 0;
  #streams = 0;
  #inStream = false;
  #last = -1;
  #equal = 0;
  /** How often `#last` has to be given again. */
  #repeats = 0;

  constructor(path: string, source: ByteStream) {
    this.#path = path;
    this.#source = source;
    this.#bits = new BitReader(source, () => this.#damaged("it is cut off"));
  }

  read(target: Uint8Array, offset: number, length: number): number {
    for (;;) {
      if (this.#block === undefined && !this.#beginBlock()) return 0;
      const end = this.#fill(target, offset, offset + length);
      if (end > offset || length === 0) return end - offset;
    }
  }

  close(): void {
    this.#source.close();
  }

  /** Gives bytes of the block until the target is full or the block ends; where it has come. */
  #fill(target: Uint8Array, from: number, to: number): number {
    const block = this.#block!;
    let at = from;
    let checksum = this.#checksum;
    while (at < to) {
      if (this.#repeats === 0) {
        const value = block.next();
        if (value < 0) {
          this.#checksum = checksum;
          this.#endBlock();
          return at;
        }
        if (this.#equal === 4) {
          // Four equal bytes are followed by how many more there are.
          this.#equal = 0;
          this.#repeats = value;
          continue;
        }
        this.#equal = value === this.#last ? this.#equal + 1 : 1;
        this.#last = value;
      } else this.#repeats--;
      target[at++] = this.#last;
      checksum = ((checksum << 8) ^ remainders[(checksum >>> 24) ^ this.#last]!) >>> 0;
    }
    this.#checksum = checksum;
    return at;
  }

  /** False at the end of the file. */
  #beginBlock(): boolean {
    for (;;) {
      if (!this.#inStream && !this.#beginStream()) return false;
      const magic = [this.#bits.read(24), this.#bits.read(24)];
      const checksum = ((this.#bits.read(16) << 16) | this.#bits.read(16)) >>> 0;
      if (magic[0] === endMagic[0] && magic[1] === endMagic[1]) {
        if (checksum !== this.#streamChecksum) throw this.#damaged("its checksum differs");
        this.#bits.alignToByte();
        this.#inStream = false;
        continue;
      }
      if (magic[0] !== blockMagic[0] || magic[1] !== blockMagic[1]) throw this.#damaged("no block where one must be");
      this.#wanted = checksum;
      this.#checksum = 0xffffffff;
      this.#last = -1;
      this.#equal = this.#repeats = 0;
      this.#block = new Bzip2Block(this.#bits, this.#links, this.#damaged);
      return true;
    }
  }

  #beginStream(): boolean {
    if (this.#streams > 0 && this.#bits.isAtEnd) return false;
    const magic = this.#bits.read(24);
    const level = this.#bits.read(8) - 0x30;
    if (magic !== 0x425a68 || level < 1 || level > 9) throw this.#damaged("no header where one must be");
    if (this.#links.length !== level * levelBytes) this.#links = new Uint32Array(level * levelBytes);
    this.#streams++;
    this.#streamChecksum = 0;
    this.#inStream = true;
    return true;
  }

  #endBlock(): void {
    this.#block = undefined;
    if (this.#equal === 4) throw this.#damaged("a run without a length");
    if (~this.#checksum >>> 0 !== this.#wanted) throw this.#damaged("the checksum of a block differs");
    const turned = (this.#streamChecksum << 1) | (this.#streamChecksum >>> 31);
    this.#streamChecksum = (turned ^ this.#wanted) >>> 0;
  }
}
