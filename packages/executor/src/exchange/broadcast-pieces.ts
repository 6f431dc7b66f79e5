import type { BroadcastId } from "@gloam/plan";
import { singleChunk, type OutputHandle } from "@gloam/storage";

/**
 * Pieces of broadcasts are served as outputs of one chunk, by names that are the same wherever a piece lies: nobody has to be told
 * more than who has it.
 */
const broadcastStore = 2 ** 40;
/** More pieces than this a broadcast has not. */
export const mostPieces = 2 ** 20;

/** Cuts a broadcast of so many bytes. */
export function pieceCount(bytes: number, pieceBytes: number): number {
  return Math.max(1, Math.ceil(bytes / pieceBytes));
}

/** Bytes of one piece: all have `pieceBytes` but the last. */
export function pieceLength(piece: number, bytes: number, pieceBytes: number): number {
  return Math.min(bytes - piece * pieceBytes, pieceBytes);
}

/** What a piece is asked for by. */
export function pieceName(broadcast: BroadcastId, piece: number): { readonly store: number; readonly output: number } {
  return { store: broadcastStore, output: broadcast * mostPieces + piece };
}

/** Id of a broadcast's memory among the slabs of an executor: above those that allocators count up to. */
export function broadcastSlab(broadcast: BroadcastId): number {
  return 2 ** 31 + (broadcast % (2 ** 31 - 1));
}

/** A piece of a broadcast's memory, to be served. */
export function pieceHandle(
  broadcast: BroadcastId,
  piece: number,
  { bytes, pieceBytes }: { readonly bytes: number; readonly pieceBytes: number },
): OutputHandle {
  const place = { slab: broadcastSlab(broadcast), offset: piece * pieceBytes };
  return singleChunk(pieceName(broadcast, piece), place, pieceLength(piece, bytes, pieceBytes));
}
