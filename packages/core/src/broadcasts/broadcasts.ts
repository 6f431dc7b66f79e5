import type { ValueApart } from "@gloam/arrow";
import { createSequence } from "@gloam/common";
import { apartOffset, type BroadcastId, type Driver } from "@gloam/plan";
import type { GarbagePressure } from "../garbage-pressure.ts";

/** Bytes that weigh as much as a shuffle when unreachable handles are to be looked for. */
const bytesOfPressure = 16 * 1024 * 1024;

/** The broadcasts of a context: each is freed when its handle, which functions that captured it hold, cannot be reached any more. */
export class Broadcasts {
  /** The context has been stopped: there will be no more. */
  isStopped = false;
  readonly #driver: Driver;
  readonly #garbage: GarbagePressure;
  readonly #nextId = createSequence(1);
  readonly #handles = new FinalizationRegistry<BroadcastId>((id) => this.#driver.releaseBroadcasts([id]));

  constructor(driver: Driver, garbage: GarbagePressure) {
    this.#driver = driver;
    this.#garbage = garbage;
  }

  /** Puts an encoded value where the driver's threads, and in `local[N]` all others, find it. */
  add(handle: object, { head, apart }: ValueApart): BroadcastId {
    const id = this.#nextId();
    const offset = apartOffset(head.length);
    const buffer = new SharedArrayBuffer(apart.byteLength === 0 ? head.length : offset + apart.byteLength);
    new Uint8Array(buffer).set(head);
    if (apart.byteLength > 0) apart.writeTo(new Uint8Array(buffer, offset));
    this.#driver.addBroadcast(id, { buffer, headBytes: head.length });
    this.#handles.register(handle, id, handle);
    this.#garbage.add(Math.max(1, Math.round(buffer.byteLength / bytesOfPressure)));
    return id;
  }

  unpersist(id: BroadcastId): void {
    this.#driver.unpersistBroadcast(id);
  }

  release(handle: object, id: BroadcastId): void {
    this.#handles.unregister(handle);
    this.#driver.releaseBroadcasts([id]);
  }
}
