import { kernelMemory, type KernelMemory } from "./number-kernels.ts";

const fewestBytes = 256 * 1024;
/** A larger memory is not kept. */
const mostBytes = 16 * 1024 * 1024;

let kept: KernelMemory | undefined;

/** This thread's memory for the time of a call, with at least so many bytes. Up to 16 MiB of it stay, which no task accounts for. */
export function scratchMemory(bytes: number): KernelMemory {
  if (kept !== undefined && kept.buffer.byteLength >= bytes) return kept;
  kept = undefined;
  const memory = kernelMemory(Math.max(fewestBytes, 2 ** Math.ceil(Math.log2(bytes))));
  if (memory.buffer.byteLength <= mostBytes) kept = memory;
  return memory;
}
