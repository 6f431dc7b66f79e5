import type { SerializedError } from "@gloam/common";
import type { BroadcastBytes, BroadcastId } from "@gloam/plan";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { FreedMemory } from "../freed-memory.ts";
import type { BroadcastPort, ToBroadcastPort } from "../worker-broadcasts.ts";

/** Where broadcasts' memory is counted. */
export interface BroadcastMemory {
  /** So many bytes are there, whatever the limit. */
  adopt(bytes: number): void;
  release(bytes: number): void;
}

/** A worker's way to broadcasts. */
interface Reader {
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

/** The broadcasts that an executor has: hands their memory to all of its workers. */
export class HostBroadcasts {
  readonly #memory: () => BroadcastMemory | undefined;
  readonly #onWanted: (broadcast: BroadcastId) => void;
  readonly #bytes = new Map<BroadcastId, BroadcastBytes>();
  /** By slot. */
  readonly #readers = new Map<number, Reader>();
  readonly #freed = new FreedMemory();
  readonly #wanted = new Set<BroadcastId>();

  /** @param onWanted A worker waits for a broadcast that is not here: `put` or `fail` follows. */
  constructor(memory: () => BroadcastMemory | undefined, onWanted: (broadcast: BroadcastId) => void) {
    this.#memory = memory;
    this.#onWanted = onWanted;
  }

  /** What a new worker of a slot starts with. */
  connect(slot: number): BroadcastPort {
    this.#readers.get(slot)?.port.close();
    const { port1, port2 } = new MessageChannel();
    port1.unref();
    const signal = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const reader = { port: port1, signal: new Int32Array(signal) };
    this.#readers.set(slot, reader);
    for (const [broadcast, bytes] of this.#bytes) tell(reader, { broadcast, bytes });
    return { port: port2, signal };
  }

  /** It is here now. */
  put(broadcast: BroadcastId, bytes: BroadcastBytes): void {
    this.#wanted.delete(broadcast);
    if (!this.#bytes.has(broadcast)) this.#memory()?.adopt(bytes.buffer.byteLength);
    this.#bytes.set(broadcast, bytes);
    this.#tellAll({ broadcast, bytes });
  }

  /** It cannot be had: whoever waits for it is told. */
  fail(broadcast: BroadcastId, error: SerializedError): void {
    this.#wanted.delete(broadcast);
    this.#tellAll({ broadcast, error });
  }

  /** A worker waits for a broadcast. */
  ask(slot: number, broadcast: BroadcastId): void {
    const bytes = this.#bytes.get(broadcast);
    const reader = this.#readers.get(slot);
    if (bytes !== undefined && reader !== undefined) tell(reader, { broadcast, bytes });
    else if (!this.#wanted.has(broadcast)) {
      this.#wanted.add(broadcast);
      this.#onWanted(broadcast);
    }
  }

  /** Whether a worker waits for it. */
  isWanted(broadcast: BroadcastId): boolean {
    return this.#wanted.has(broadcast);
  }

  /** Forgets these. */
  drop(broadcasts: readonly BroadcastId[]): void {
    for (const broadcast of broadcasts) {
      const bytes = this.#bytes.get(broadcast);
      if (bytes === undefined) continue;
      this.#bytes.delete(broadcast);
      this.#memory()?.release(bytes.buffer.byteLength);
      this.#freed.add(bytes.buffer.byteLength);
    }
  }

  #tellAll(message: ToBroadcastPort): void {
    for (const reader of this.#readers.values()) tell(reader, message);
  }
}

function tell({ port, signal }: Reader, message: ToBroadcastPort): void {
  port.postMessage(message);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
}
