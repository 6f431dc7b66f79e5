const frameMagic = 0xfd2fb528;
/** Frames of 16 magic numbers hold nothing that is for a decoder. */
const skippableMagic = 0x184d2a50;

/** Bytes of the dictionary's number by its flag, and of the content's size by its. */
const dictionaryBytes = [0, 1, 2, 4] as const;
const sizeBytes = [0, 2, 4, 8] as const;

/** What the next bytes are. */
type Part = "magic" | "descriptor" | "header" | "blockHeader" | "block" | "checksum" | "skippedSize" | "skipped";

/**
 * Follows the frames and blocks of zstd data (RFC 8878, section 3) without decoding them: a decoder does not say whether data
 * ended where a frame does.
 */
export class ZstdFrames {
  #part: Part = "magic";
  /** Bytes of the part that are still to come. */
  #left = 4;
  #taken = 0;
  /** The part's bytes as a number, the lowest first. */
  #value = 0;
  #isLastBlock = false;
  #hasChecksum = false;

  /** Whether the bytes so far end with a frame, or are none. */
  get areWhole(): boolean {
    return this.#part === "magic" && this.#taken === 0;
  }

  /** Takes the bytes `from .. to`; false where they cannot be zstd's. */
  take(bytes: Uint8Array, from: number, to: number): boolean {
    for (let at = from; at < to;) {
      if (this.#part === "block" || this.#part === "skipped" || this.#part === "checksum" || this.#part === "header") {
        const passed = Math.min(this.#left, to - at);
        at += passed;
        this.#left -= passed;
        this.#taken += passed;
      } else {
        this.#value += bytes[at++]! * 2 ** (8 * this.#taken++);
        this.#left--;
      }
      while (this.#left === 0) if (!this.#advance()) return false;
    }
    return true;
  }

  /** A part is complete. */
  #advance(): boolean {
    const value = this.#value;
    switch (this.#part) {
      case "magic":
        if (value === frameMagic) return this.#expect("descriptor", 1);
        return Math.floor(value / 16) * 16 === skippableMagic && this.#expect("skippedSize", 4);
      case "descriptor": {
        const isSingle = (value & 32) !== 0;
        this.#hasChecksum = (value & 4) !== 0;
        const sizeFlag = value >>> 6;
        const size = sizeFlag === 0 && isSingle ? 1 : sizeBytes[sizeFlag]!;
        return this.#expect("header", (isSingle ? 0 : 1) + dictionaryBytes[value & 3]! + size);
      }
      case "header":
        return this.#expect("blockHeader", 3);
      case "blockHeader": {
        this.#isLastBlock = (value & 1) !== 0;
        const kind = (value >>> 1) & 3;
        return kind !== 3 && this.#expect("block", kind === 1 ? 1 : value >>> 3);
      }
      case "block":
        if (!this.#isLastBlock) return this.#expect("blockHeader", 3);
        return this.#hasChecksum ? this.#expect("checksum", 4) : this.#expect("magic", 4);
      case "skippedSize":
        return this.#expect("skipped", value);
      case "checksum":
      case "skipped":
        return this.#expect("magic", 4);
    }
  }

  #expect(part: Part, bytes: number): true {
    this.#part = part;
    this.#left = bytes;
    this.#taken = 0;
    this.#value = 0;
    return true;
  }
}
