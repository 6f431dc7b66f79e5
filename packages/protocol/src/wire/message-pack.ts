import { createRequire } from "node:module";
import type * as MessagePack from "msgpackr";
import { frameInvalid } from "./frame-invalid.ts";
import { checkBounds, type MessageBounds } from "./message-pack-bounds.ts";

let packr: MessagePack.Packr | undefined;

/** This build of msgpackr is one file, asks for no native addon, and shares no table of extensions with the program's own. */
function codec(): MessagePack.Packr {
  if (packr === undefined) {
    const { Packr } = createRequire(import.meta.url)("msgpackr/index-no-eval") as typeof MessagePack;
    // The types lack one of the options.
    const options: MessagePack.Options & { readonly skipValues: readonly unknown[] } = {
      useRecords: false,
      mapsAsObjects: true,
      variableMapSize: true,
      useToJSON: false,
      // Properties that are undefined are left out.
      skipValues: [undefined],
      encodeUndefinedAsNil: true,
      // A message does not hold on to the frame that it came in.
      copyBuffers: true,
    };
    packr = new Packr(options);
  }
  return packr;
}

/** A message's bytes: null, booleans, numbers, strings, bytes, arrays and plain objects. */
export function packMessage(message: unknown): Uint8Array {
  return codec().pack(message);
}

/**
 * A message from its bytes, which are only read once they are within bounds.
 * @throws GloamError `GLOAM_FRAME_INVALID`
 */
export function unpackMessage(bytes: Uint8Array, bounds: MessageBounds): unknown {
  checkBounds(bytes, bounds);
  try {
    // Of a Buffer, msgpackr would make Buffers.
    return codec().unpack(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (cause) {
    throw frameInvalid("its message cannot be read", cause);
  }
}
