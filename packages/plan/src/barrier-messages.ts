/** What tasks of a barrier tell their driver, and what it answers. `handle` is whatever names an output on its executor. */

/** What a task of a barrier gives the others: opaque bytes, or a block on its executor with a segment for each part. */
export type BarrierContent =
  /** One for all, or one for each rank. */
  | { readonly kind: "bytes"; readonly parts: readonly Uint8Array[] }
  | { readonly kind: "block"; readonly handle: unknown; readonly parts: number };

/** One rank's part of another's content. */
export type BarrierPart = { readonly rank: number } & (
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "block"; readonly handle: unknown; readonly segment: number }
);

/** Who gets what whom gives: nobody anything; everyone from everyone; the root from everyone; everyone from the root. */
export type BarrierFlow = "none" | "all" | "toRoot" | "fromRoot";

/** What a task of a barrier does. `call` counts what the task has done so far; a lower one is a repetition. */
export type BarrierCall = { readonly call: number } &
  /** It waits for all others to do the same. */
  (
    | {
        readonly kind: "collect";
        /** Counts collective calls: equal for all tasks. */
        readonly epoch: number;
        readonly operation: string;
        readonly flow: BarrierFlow;
        readonly root: number;
        /** The user's line. */
        readonly site: string | undefined;
        readonly content: BarrierContent | undefined;
      }
    /** It goes on at once. */
    | { readonly kind: "send"; readonly to: number; readonly content: BarrierContent }
    /** It waits for what another sends it. */
    | { readonly kind: "receive"; readonly from: number; readonly site: string | undefined }
  );

/** Ends a task's waiting. */
export type BarrierAnswer = { readonly call: number } & (
  | { readonly kind: "parts"; readonly parts: readonly BarrierPart[] }
  | { readonly kind: "error"; readonly code: BarrierErrorCode; readonly message: string }
);

/** Why waiting ended in vain. */
export type BarrierErrorCode = "GLOAM_BARRIER_MISMATCH" | "GLOAM_BARRIER_TIMEOUT";

/** What a task of a barrier is told when it is launched. */
export interface BarrierPlace {
  readonly rank: number;
  readonly attempt: number;
  /** Where the tasks run, by rank. */
  readonly peers: readonly { readonly executor: string; readonly host: string }[];
}
