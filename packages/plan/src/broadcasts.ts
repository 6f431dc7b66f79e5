/** Identity of a broadcast within one driver. */
export type BroadcastId = number;

/**
 * An encoded value in memory that all threads of a process share: first everything but its large arrays, then, from the next
 * multiple of 8 bytes on, these (`encodeApart`).
 */
export interface BroadcastBytes {
  readonly buffer: SharedArrayBuffer;
  /** Bytes of what comes first. */
  readonly headBytes: number;
}

/** Where in a broadcast's memory its large arrays begin. */
export function apartOffset(headBytes: number): number {
  return Math.ceil(headBytes / 8) * 8;
}

/** Name of the reviver that makes a task's side of a broadcast. */
export const broadcastReviver = "gloam.broadcast";

/** What a function that captured a broadcast takes along. */
export interface BroadcastData {
  readonly id: BroadcastId;
}
