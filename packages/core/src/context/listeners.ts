import type { GloamEvent, Logger } from "@gloam/common";

/** Takes the events of an application, one after the other, in the driver. What it throws is logged once and hurts nobody. */
export type GloamListener = (event: GloamEvent) => void;

/** Who listens to an application. */
export class Listeners {
  readonly #listeners = new Set<GloamListener>();
  readonly #warned = new WeakSet<GloamListener>();
  readonly #logger: Pick<Logger, "warn">;
  readonly #onAny: (listens: boolean) => void;

  /** @param onAny Told when the first listener comes and when the last goes. */
  constructor(logger: Pick<Logger, "warn">, onAny: (listens: boolean) => void) {
    this.#logger = logger;
    this.#onAny = onAny;
  }

  /** Adding one again changes nothing. */
  add(listener: GloamListener): void {
    if (this.#listeners.has(listener)) return;
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#onAny(true);
  }

  remove(listener: GloamListener): void {
    if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#onAny(false);
  }

  tell(event: GloamEvent): void {
    for (const listener of this.#listeners) {
      try {
        const result: unknown = listener(event);
        // Types let async functions pass: an exception of theirs would end the process.
        if (result instanceof Promise) result.catch((error: unknown) => this.#warn(listener, error));
      } catch (error) {
        this.#warn(listener, error);
      }
    }
  }

  #warn(listener: GloamListener, error: unknown): void {
    if (this.#warned.has(listener)) return;
    this.#warned.add(listener);
    this.#logger.warn(`a listener threw; what it throws from now on is not told`, error);
  }
}
