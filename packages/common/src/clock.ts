/** Source of time. Passed in wherever time matters, so that tests can replay it. */
export interface Clock {
  /** Milliseconds since 1970, with fractions; never goes back within one thread. */
  now(): number;
}

/** The machine's clock. Steps of the wall clock after the start of the process do not show. */
export const systemClock: Clock = { now: () => performance.timeOrigin + performance.now() };

/** A clock for tests that stands still until it is moved. */
export class VirtualClock implements Clock {
  #now: number;

  /** @param start first value of `now()`, in milliseconds. */
  constructor(start = 0) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Moves time forward by so many milliseconds. */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError(`a clock cannot go back: ${milliseconds}`);
    this.#now += milliseconds;
  }
}
