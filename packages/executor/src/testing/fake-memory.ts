import type { TaskMemory } from "@gloam/plan";

/** A task's memory with a limit. */
export class FakeMemory implements TaskMemory {
  held = 0;
  peak = 0;
  refusals = 0;
  readonly guaranteed: number;
  readonly heapBudget = 0;
  readonly #limit: number;

  constructor(limit: number, guaranteed = limit) {
    this.#limit = limit;
    this.guaranteed = guaranteed;
  }

  acquire(bytes: number): boolean {
    if (this.held + bytes > this.#limit) {
      this.refusals++;
      return false;
    }
    this.held += bytes;
    this.peak = Math.max(this.peak, this.held);
    return true;
  }

  release(bytes: number): void {
    this.held -= bytes;
    if (this.held < 0) throw new Error(`released ${-this.held} bytes too many`);
  }

  createScratch(): never {
    throw new Error("no scratch files here");
  }

  createScratchDirectory(): never {
    throw new Error("no directories here");
  }
}
