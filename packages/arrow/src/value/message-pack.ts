import type * as MessagePack from "msgpackr";
import { corrupt } from "../corrupt.ts";
import { load } from "../load.ts";

/**
 * Extensions of msgpackr that are never written here: errors, regular expressions, sets and typed arrays come back as what
 * they were only through escapes, and the others (bundled strings, references) are not in use.
 */
const unusedExtensions = [0x62, 0x65, 0x69, 0x70, 0x73, 0x74, 0x78];

/** The code that MessagePack leaves unused; msgpackr reads it as an object of its own. */
const unusedCode = 0xc1;

/** Larger buffers are not kept for the next value. */
const keptBuffer = 1 << 20;
const firstBuffer = 8192;

/** Values up to that size are copied here to be read: msgpackr sets up what it needs for each array of bytes that it meets. */
const scratch = new Uint8Array(4096);

interface Codec {
  readonly packr: MessagePack.Packr;
  /** Writes into the same buffer again and again, and gives it with `start` and `end` of the value. */
  readonly reuse: number;
}

let loaded: Codec | undefined;

/**
 * Loaded when the first value is packed or unpacked. This build of msgpackr is one file, asks for no native addon, and
 * shares no table of extensions with the program's own msgpackr, whose additions would change our bytes.
 */
function codec(): Codec {
  if (loaded !== undefined) return loaded;
  const { Packr, addExtension, REUSE_BUFFER_MODE, RESET_BUFFER_MODE } = load(
    "msgpackr/index-no-eval",
  ) as typeof MessagePack;
  for (const type of unusedExtensions)
    addExtension({
      type,
      unpack() {
        throw corrupt("a value has an unknown extension");
      },
    });
  const packr = new Packr({
    // Objects are MessagePack's maps, as any reader knows them.
    useRecords: false,
    mapsAsObjects: true,
    variableMapSize: true,
    useBigIntExtension: true,
    // Data is data, also where it has such a property.
    useToJSON: false,
    // What is read must not hold on to where it was read from.
    copyBuffers: true,
  });
  // msgpackr decodes short strings by this method of Buffers; a Buffer itself would make Buffers of all bytes in it.
  Object.assign(scratch, { latin1Slice: Reflect.get(Buffer.prototype, "latin1Slice") as unknown });
  return (loaded = { packr, reuse: REUSE_BUFFER_MODE | RESET_BUFFER_MODE });
}

/** Bytes within a buffer that the next value may overwrite. */
export interface PackedValue {
  readonly start: number;
  readonly end: number;
}

/** MessagePack of what `escapeValue` gives. Valid until the next value is packed. */
export function pack(form: unknown): Buffer & PackedValue {
  const { packr, reuse } = codec();
  const packed = packr.pack(form, reuse) as Buffer & PackedValue;
  if (packed.length > keptBuffer) packr.useBuffer(Buffer.allocUnsafeSlow(firstBuffer));
  return packed;
}

/** What was packed at `from .. to`. Raises GLOAM_BLOCK_CORRUPT unless those bytes are one value. */
export function unpack(bytes: Uint8Array, from: number, to: number): unknown {
  const { packr } = codec();
  const length = to - from;
  if (from < 0 || to > bytes.length || length <= 0) throw corrupt("a value lies outside its block");
  let source: Uint8Array = scratch;
  let holdsUnusedCode = false;
  if (length <= 64)
    for (let i = 0; i < length; i++) {
      const byte = bytes[from + i]!;
      if (byte === unusedCode) holdsUnusedCode = true;
      scratch[i] = byte;
    }
  else {
    source = new Uint8Array(bytes.buffer, bytes.byteOffset + from, length);
    if (length <= scratch.length) {
      scratch.set(source);
      source = scratch;
    } else if (!(bytes.buffer instanceof ArrayBuffer)) source = new Uint8Array(source);
    holdsUnusedCode = Buffer.from(source.buffer, source.byteOffset, length).includes(unusedCode);
  }
  const value: unknown = packr.unpack(source, length);
  // The code may also be part of a number or of bytes.
  if (holdsUnusedCode) assertData(value);
  return value;
}

function assertData(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const prototype = Object.getPrototypeOf(value) as object;
  if (prototype === Array.prototype || prototype === Object.prototype)
    for (const part of Object.values(value)) assertData(part);
  else if (prototype !== Date.prototype && prototype !== Uint8Array.prototype)
    throw corrupt("a value has an unknown type");
}
