/** After so many pairs combining is given up where fewer than one of them in so many met its key again. */
const stages = [
  { pairs: 32 * 1024, fewestRepeats: 32 },
  { pairs: 256 * 1024, fewestRepeats: 4 },
] as const;
/** Likewise of a table that is full: it is too small for these keys. */
const fewestRepeatsOfFull = 2;
/** Pairs written uncombined before the next trial; doubles each time. */
const firstPause = 4 * 1024 * 1024;

/**
 * Decides whether map-side combining pays, from the data alone. Keys that hardly ever come again within a table cost more
 * to look up than they save: with a million number keys a pair costs 60 to 80 ns to combine, and 30 to write as it is. Keys of which
 * there are very many show it early. As data may change its character, combining is tried again from time to time.
 */
export class CombiningTrial {
  combining = true;
  /** The next of `stages`. */
  #stage = 0;
  #pairs = 0;
  #found = 0;
  #pause = firstPause;
  #through = 0;

  /** Whether, with so many pairs taken so far, some of which may still wait to be combined, `judge` has something to decide. */
  isDue(taken: number): boolean {
    const stage = stages[this.#stage];
    return stage !== undefined && taken - this.#pairs >= stage.pairs;
  }

  /**
   * After a block.
   * @param pairs Pairs combined so far.
   * @param found Keys found among them so far, counted again after each flush.
   */
  judge(pairs: number, found: number): void {
    const stage = stages[this.#stage];
    if (stage === undefined || pairs - this.#pairs < stage.pairs) return;
    this.#stage++;
    this.#stopUnless(stage.fewestRepeats, pairs, found);
  }

  /** The table was full, and begins anew. */
  filled(pairs: number, found: number): void {
    this.#stopUnless(fewestRepeatsOfFull, pairs, found);
    this.#stage = 0;
    this.#pairs = pairs;
    this.#found = found;
  }

  /** The table was written out because combining did not pay: what it has combined counts for no later trial. */
  ended(pairs: number, found: number): void {
    this.#pairs = pairs;
    this.#found = found;
  }

  /** After a block that was written uncombined. */
  wroteThrough(pairs: number): void {
    this.#through += pairs;
    if (this.#through < this.#pause) return;
    this.#through = 0;
    this.#pause *= 2;
    this.#stage = 0;
    this.combining = true;
  }

  #stopUnless(repeatsOf: number, pairs: number, found: number): void {
    const tried = pairs - this.#pairs;
    const repeats = tried - (found - this.#found);
    if (repeats * repeatsOf >= tried) return;
    this.combining = false;
    this.#pairs = pairs;
    this.#found = found;
  }
}
