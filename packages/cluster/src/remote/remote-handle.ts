import type { StorageLevel } from "@gloam/plan";

/** Where an output lies among the executors, as their driver knows it: the handle of map outputs and cached blocks. */
export interface RemoteHandle {
  readonly executor: string;
  readonly store: number;
  readonly output: number;
  /** The lengths of its chunks by segment, in the executors' form. */
  readonly index: Uint8Array;
  /** Of a cached block: how it is kept. */
  readonly level?: StorageLevel | undefined;
}
