import type { KernelDescription } from "../kernel.ts";
import { joinCollected } from "./collect.ts";
import { joinCounted } from "./count.ts";

/** Makes the result of a partition of those of its parts, one after the other. */
export type JoinPieces = (pieces: readonly unknown[]) => unknown;

const joiners: Readonly<Record<string, JoinPieces>> = {
  collectSinkKernel: joinCollected,
  countSinkKernel: joinCounted,
};

/**
 * How a sink's results of parts of a partition become that of the whole, where exactly the same comes out. Sums of floats, and what
 * has effects, are not among them.
 */
export function joinPiecesOf({ package: name, export: kernel }: KernelDescription): JoinPieces | undefined {
  return name === "@gloam/plan" ? joiners[kernel] : undefined;
}
