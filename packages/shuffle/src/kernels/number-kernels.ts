import { GloamError } from "@gloam/common";
import { numberKernelsBinary } from "./number-kernels-binary.ts";

/** Loops over pairs of numbers that lie in a memory of their own. Addresses are byte offsets, multiples of 16. */
export interface NumberKernels {
  /** `hashNumber` of each of `count` float64s at `from`, to `to`. Reads and writes up to three beyond. About 2 ns a number. */
  hash(from: number, count: number, to: number): void;
  /** `partitionOf` of each hash at `at`, in place, and of up to three beyond. About 1 ns. */
  partition(at: number, count: number, partitions: number): void;
  /** The first `32 - drop` bits after the first `shift` of each hash at `at`, in place, and of up to three beyond. */
  bucket(at: number, count: number, shift: number, drop: number): void;
  /**
   * Appends the pairs of the rows `row .. end` to the lanes that `lanes` names. A lane has room for `capacity` pairs, and
   * `filled` counts those it has. Stops before a pair whose lane is full, and gives its row; `end` otherwise.
   */
  append(
    keys: number,
    values: number,
    lanes: number,
    row: number,
    end: number,
    capacity: number,
    laneKeys: number,
    laneValues: number,
    filled: number,
  ): number;
  /** Writes numbers as int32s and gives 1; gives 0 where one is none, or is -0. Usually the first number tells. */
  narrow(from: number, count: number, to: number): number;
  /**
   * The ids `0 .. count` to `order`, by their hashes as unsigned numbers and in their own order where those are equal.
   * `spare` is as long, `starts` takes 1 KiB. About 8 ns an id.
   */
  order(hashes: number, count: number, order: number, spare: number, starts: number): void;
}

/** The kernels over a memory. */
export interface KernelMemory {
  readonly kernels: NumberKernels;
  readonly buffer: ArrayBuffer;
}

// What is used of the API, which the types of Node leave out.
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
  };
};

const pageBytes = 64 * 1024;

let compiled: object | undefined;

/**
 * A new memory of at least so many bytes, and the kernels over it. V8 compiles them once for all threads of the process. Pages
 * that are not touched cost nothing, but 10 GiB of address space are reserved. About 0.2 ms.
 * @throws GloamError `GLOAM_OUT_OF_MEMORY` where the system refuses.
 */
export function kernelMemory(bytes: number): KernelMemory {
  compiled ??= new WebAssembly.Module(Buffer.from(numberKernelsBinary, "base64"));
  const memory = newMemory(Math.ceil(bytes / pageBytes));
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } });
  return { kernels: exports as NumberKernels, buffer: memory.buffer };
}

function newMemory(pages: number): { readonly buffer: ArrayBuffer } {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new GloamError("GLOAM_OUT_OF_MEMORY", "the system refuses a thread memory for its loops over numbers", {
      cause,
      hint: "each takes 10 GiB of address space: raise or remove the limit on it (ulimit -v)",
    });
  }
}
