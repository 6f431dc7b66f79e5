import { blockCodecs } from "@gloam/common";
import { blockCodec, type BlockCodec } from "../exchange/block-codec.ts";

/** The codecs that this Node.js has. */
export const everyCodec: readonly BlockCodec[] = blockCodecs.flatMap((name) => {
  try {
    return blockCodec(name);
  } catch {
    return [];
  }
});
