import type { BlockAddress } from "@gloam/protocol";

/** An output in the stores of another executor: where, and the lengths of its chunks (`compactIndex`). */
export interface RemoteOutput extends BlockAddress {
  readonly store: number;
  readonly output: number;
  readonly index: Uint8Array;
}
