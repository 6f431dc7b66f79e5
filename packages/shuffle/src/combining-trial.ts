/** Pairs after which combining has to have shown that it pays. */
const trialPairs = 64 * 1024;
/** Less than one pair in so many met its key again: combining is given up. */
const fewestRepeats = 64;
/** Pairs written uncombined before the next trial; doubles each time. */
const firstPause = 1024 * 1024;

/**
 * Decides whether map-side combining pays, from the data alone. Keys that hardly ever come again within a table cost more
 * to look up than they save; and as data may change its character, combining is tried again from time to time.
 */
export class CombiningTrial {
  combining = true;
  #pairs = 0;
  #found = 0;
  #pause = firstPause;
  #through = 0;

  /**
   * After a block.
   * @param pairs Pairs combined so far.
   * @param found Keys found among them so far, counted again after each flush.
   */
  judge(pairs: number, found: number): void {
    const tried = pairs - this.#pairs;
    if (tried < trialPairs) return;
    const repeats = tried - (found - this.#found);
    if (repeats * fewestRepeats < tried) this.#stop(pairs, found);
  }

  /** Whether the first trial is over and nothing speaks against larger tables. */
  isSettled(pairs: number): boolean {
    return pairs - this.#pairs >= trialPairs;
  }

  /** The table was full: unless half of the pairs met their keys again, the table is too small for these keys. */
  filled(pairs: number, found: number): void {
    const tried = pairs - this.#pairs;
    const repeats = tried - (found - this.#found);
    if (repeats * 2 < tried) this.#stop(pairs, found);
  }

  /** After a block that was written uncombined. */
  wroteThrough(pairs: number): void {
    this.#through += pairs;
    if (this.#through < this.#pause) return;
    this.#through = 0;
    this.#pause *= 2;
    this.combining = true;
  }

  #stop(pairs: number, found: number): void {
    this.combining = false;
    this.#pairs = pairs;
    this.#found = found;
  }
}
