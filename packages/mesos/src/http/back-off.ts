/** How long to wait between attempts: random, up to a bound that doubles with each and is capped. */
export class BackOff {
  readonly #random: () => number;
  readonly #first: number;
  readonly #most: number;
  #bound: number;

  /** @param options `first` and `most` bounds in milliseconds; `random` uniform in [0, 1). */
  constructor(options: { readonly first: number; readonly most: number; readonly random: () => number }) {
    this.#random = options.random;
    this.#first = Math.min(options.first, options.most);
    this.#most = options.most;
    this.#bound = this.#first;
  }

  /** Milliseconds until the next attempt: between half of the bound and all of it, so that it grows and yet is spread. */
  next(): number {
    const delay = this.#bound * (0.5 + this.#random() / 2);
    this.#bound = Math.min(this.#most, this.#bound * 2);
    return delay;
  }

  /** Something went well: begins from the first bound. */
  reset(): void {
    this.#bound = this.#first;
  }
}
