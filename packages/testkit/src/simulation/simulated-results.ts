import type { BlockIdentity, StoredTruth } from "./block-stores.ts";

/** A result's bytes: what it is, for the ledger. */
export function resultBytes(
  { task, node, partition }: Extract<BlockIdentity, { readonly kind: "result" }>,
  value: number,
): Uint8Array {
  return new Uint8Array(Uint32Array.of(task, node, partition, value).buffer);
}

/** Lengths of the chunks of a result that its executor keeps: its bytes, and others by whose number it is known again. */
export function keptLengths(token: number): readonly number[] {
  return [16, token];
}

/** The chunks of a result that its executor keeps. */
export function keptChunks({ identity, value, token }: StoredTruth): readonly Uint8Array[] {
  if (identity.kind !== "result") return [];
  return [resultBytes(identity, value), new Uint8Array(token)];
}

/** What a task adds to accumulators: its number. */
export function addedBy(task: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(task).buffer);
}

/** Whose it is. */
export function taskOfAdded(added: Uint8Array): number {
  return new Uint32Array(added.slice().buffer)[0] ?? -1;
}
