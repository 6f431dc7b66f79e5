import { transferSymbol, type Transfer } from "@gloam/closure";
import { captureCallSite, GloamError } from "@gloam/common";
import { broadcastReviver, type BroadcastData } from "@gloam/plan";
import type { Broadcasts } from "./broadcasts.ts";

/**
 * A value that executors get once, for all their threads and all jobs. Made by `gc.broadcast(value)`; read in functions and in the
 * main program by `value`.
 *
 * **How it travels.** It is encoded when `broadcast` is called, and nothing is sent before a function reads it. Executors in
 * processes get it in pieces (`broadcast.blockSize`) and pass these on to each other: the driver sends each piece about once however many there are,
 * and never more than twice unless executors are lost. In `local[N]` nothing is sent.
 *
 * **What it is there.** Typed arrays and Buffers of 16 KiB and more are views of memory that all threads of an executor share: no
 * thread copies them, and their `buffer` is a SharedArrayBuffer that holds more than theirs. Everything else is rebuilt by each worker thread when a
 * function first reads it, and kept for later tasks; a large ArrayBuffer is copied then, as shared memory is none. The value must not be changed.
 *
 * **When it is freed.** When neither this handle nor a function that captured it can be reached any more, or by `destroy()`. `unpersist()`
 * frees executors' copies alone. Until then executors keep it in memory, which counts as storage.
 *
 * @example
 * const names = gc.broadcast(new Map([[1, "one"], [2, "two"]]));
 * await gc.parallelize([2, 1, 2]).map((key) => names.value.get(key)).collect(); // ["two", "one", "two"]
 */
export class Broadcast<T> {
  readonly #broadcasts: Broadcasts;
  readonly #id: number;
  #held: { readonly value: T } | undefined;

  /** @internal */
  constructor(broadcasts: Broadcasts, value: T, encoded: Parameters<Broadcasts["add"]>[1]) {
    this.#broadcasts = broadcasts;
    this.#held = { value };
    this.#id = broadcasts.add(this, encoded);
  }

  /**
   * The value: in the main program the one that was given, in functions a copy of what it was then. The first read on an executor
   * waits until it is there.
   *
   * @throws GloamError `GLOAM_BROADCAST_DESTROYED`; in functions `GLOAM_FETCH_FAILED` where it cannot be had.
   */
  get value(): T {
    return this.#present("read").value;
  }

  /**
   * Frees executors' copies; functions that read it later get it anew. Harmless when called again.
   *
   * @throws GloamError `GLOAM_BROADCAST_DESTROYED`, `GLOAM_DRIVER_ONLY` in a function.
   */
  unpersist(): void {
    this.#present("unpersisted");
    this.#broadcasts.unpersist(this.#id);
  }

  /**
   * Frees it everywhere. It cannot be used any more: functions that captured it fail where they read it. Harmless when called again.
   *
   * @throws GloamError `GLOAM_DRIVER_ONLY` in a function.
   */
  destroy(): void {
    if (this.#held === undefined) return;
    this.#held = undefined;
    this.#broadcasts.release(this, this.#id);
  }

  /** Same as `destroy()`, for `using`. */
  [Symbol.dispose](): void {
    this.destroy();
  }

  /** Functions take its identity along, and keep it alive. */
  [transferSymbol](): Transfer {
    this.#present("captured");
    return { kind: broadcastReviver, data: { id: this.#id } satisfies BroadcastData };
  }

  #present(use: string): { readonly value: T } {
    if (this.#held !== undefined) return this.#held;
    throw new GloamError("GLOAM_BROADCAST_DESTROYED", `a broadcast was ${use} after it had been destroyed`, {
      callSite: captureCallSite(),
    });
  }
}
