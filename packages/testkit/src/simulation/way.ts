import type { Random } from "@gloam/common";
import type { VirtualTime } from "./virtual-time.ts";

/** What a direction carries: a message's bytes, the good-bye of one side, or the news that the connection is gone. */
export type Parcel = Uint8Array | "bye" | "gone";

/** One direction of a connection: in order and once, or no more; how long it takes is anybody's guess. */
export class Way {
  readonly #time: VirtualTime;
  readonly #delay: () => number;
  readonly #random: Random;
  readonly #parcels: { readonly at: number; readonly parcel: Parcel }[] = [];
  #deliver: (parcel: Parcel) => void = () => undefined;
  #moving = false;
  #stalledUntil = 0;
  #closed = false;

  constructor(time: VirtualTime, random: Random, delay: () => number) {
    this.#time = time;
    this.#random = random;
    this.#delay = delay;
  }

  leadTo(deliver: (parcel: Parcel) => void): void {
    this.#deliver = deliver;
  }

  send(parcel: Parcel): void {
    if (this.#closed) return;
    this.#parcels.push({ at: this.#time.now() + this.#delay(), parcel });
    this.#move();
  }

  /** Nothing arrives before then. */
  stall(until: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, until);
  }

  /** The end: some of what is under way arrives, and then, after that time, the news; Infinity: never. */
  cut(newsAfter: number): void {
    if (this.#closed) return;
    this.#parcels.splice(this.#random.nextInt(this.#parcels.length + 1));
    if (newsAfter < Infinity) {
      this.#parcels.push({ at: this.#time.now() + newsAfter, parcel: "gone" });
      this.#move();
    }
    this.#closed = true;
  }

  #move(): void {
    const first = this.#parcels[0];
    if (this.#moving || first === undefined || this.#stalledUntil === Infinity) return;
    this.#moving = true;
    this.#time.after(Math.max(first.at, this.#stalledUntil) - this.#time.now(), () => {
      this.#moving = false;
      const next = this.#parcels[0];
      // It may have been stalled or cut since.
      if (next !== undefined && Math.max(next.at, this.#stalledUntil) <= this.#time.now()) {
        this.#parcels.shift();
        this.#deliver(next.parcel);
      }
      this.#move();
    });
  }
}
