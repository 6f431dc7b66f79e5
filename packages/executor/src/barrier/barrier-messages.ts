/**
 * What tasks of a barrier tell their driver, and what it answers. The scheduler's `BarrierCall` and `BarrierAnswer` have these shapes:
 * executors may not import it, so they are written here once more, and `cluster` assigns one to the other.
 */

/** What a task gives the others: bytes, or a block with a segment for each part. One part for all ranks, or one for each. */
export type BarrierContent =
  | { readonly kind: "bytes"; readonly parts: readonly Uint8Array[] }
  | { readonly kind: "block"; readonly handle: unknown; readonly parts: number };

/** What a task gets of the task of that rank. */
export type BarrierPart = { readonly rank: number } & (
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "block"; readonly handle: unknown; readonly segment: number }
);

/** Who gets what whom gives: nobody anything; everyone from everyone; the root from everyone; everyone from the root. */
export type BarrierFlow = "none" | "all" | "toRoot" | "fromRoot";

/** What a task does; `call` counts all that it has done. */
export type BarrierCall = { readonly call: number } & (
  | {
      readonly kind: "collect";
      readonly epoch: number;
      readonly operation: string;
      readonly flow: BarrierFlow;
      readonly root: number;
      readonly site: string | undefined;
      readonly content: BarrierContent | undefined;
    }
  | { readonly kind: "send"; readonly to: number; readonly content: BarrierContent }
  | { readonly kind: "receive"; readonly from: number; readonly site: string | undefined }
);

/** Ends a task's waiting. */
export type BarrierAnswer = { readonly call: number } & (
  | { readonly kind: "parts"; readonly parts: readonly BarrierPart[] }
  | {
      readonly kind: "error";
      readonly code: "GLOAM_BARRIER_MISMATCH" | "GLOAM_BARRIER_TIMEOUT";
      readonly message: string;
    }
);

/** What a task of a barrier is told when it is launched. */
export interface BarrierPlace {
  readonly rank: number;
  readonly attempt: number;
  /** Where the tasks run, by rank. */
  readonly peers: readonly { readonly executor: string; readonly host: string }[];
}
