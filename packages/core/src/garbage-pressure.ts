import { collectGarbage } from "@gloam/common";

/** Shuffles and caches after which unreachable handles are looked for: a full collection of a driver's heap costs 10 to 40 ms. */
const mostLeft = 64;

/**
 * Makes V8 look for unreachable handles in time. A handle is a few bytes to V8 while its shuffle may be gigabytes that V8
 * does not see: a loop that makes and drops handles would fill the executors before V8 found a reason to collect.
 */
export class GarbagePressure {
  #left = 0;

  /** A job left so many more shuffles and caches behind. */
  add(left: number): void {
    this.#left += left;
    if (this.#left < mostLeft) return;
    this.#left = 0;
    collectGarbage();
  }
}
