import { decodeApart } from "@gloam/arrow";
import { registerReviver, transferSymbol, type Transfer } from "@gloam/closure";
import { deserializeError, GloamError, type SerializedError } from "@gloam/common";
import { apartOffset, broadcastReviver, type BroadcastBytes, type BroadcastData, type BroadcastId } from "@gloam/plan";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { TaskKilledError } from "./block-failure.ts";
import { FreedMemory } from "./freed-memory.ts";

/** What a worker gets when it starts, to be told of broadcasts while it runs a task. */
export interface BroadcastPort {
  readonly port: MessagePort;
  /** A counter that changes with every message. */
  readonly signal: SharedArrayBuffer;
}

/** What comes over the port: a broadcast's memory, or why it cannot be had. */
export type ToBroadcastPort =
  | { readonly broadcast: BroadcastId; readonly bytes: BroadcastBytes }
  | { readonly broadcast: BroadcastId; readonly error: SerializedError };

/** Milliseconds between two looks at whether the task was cancelled. */
const pollInterval = 50;

/** The broadcasts as one worker sees them: their memory is everybody's, and what is rebuilt from it its own, once for all tasks. */
export class WorkerBroadcasts {
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #ask: (broadcast: BroadcastId) => void;
  readonly #isCancelled: () => boolean;
  readonly #bytes = new Map<BroadcastId, BroadcastBytes>();
  readonly #values = new Map<BroadcastId, { readonly value: unknown }>();
  readonly #freed = new FreedMemory();
  readonly #failures = new Map<BroadcastId, SerializedError>();

  /** @param ask Has the executor get a broadcast, which comes over the port. */
  constructor({ port, signal }: BroadcastPort, ask: (broadcast: BroadcastId) => void, isCancelled: () => boolean) {
    this.#port = port;
    this.#signal = new Int32Array(signal);
    this.#ask = ask;
    this.#isCancelled = isCancelled;
    // Nobody listens: the port is looked into.
    port.unref();
  }

  /**
   * The value, rebuilt when it is first asked for. Waits, by blocking, until the executor has it.
   * @throws GloamError `GLOAM_BROADCAST_DESTROYED`, `GLOAM_FETCH_FAILED`; `TaskKilledError` once the task was cancelled
   */
  value(broadcast: BroadcastId): unknown {
    const known = this.#values.get(broadcast);
    if (known !== undefined) return known.value;
    const { buffer, headBytes } = this.#bytesOf(broadcast);
    const apart = apartOffset(headBytes);
    const value = decodeApart(new Uint8Array(buffer, 0, headBytes), new Uint8Array(buffer, Math.min(apart, buffer.byteLength))); // prettier-ignore
    this.#values.set(broadcast, { value });
    return value;
  }

  /** Frees what there is of these. */
  forget(broadcasts: readonly BroadcastId[]): void {
    this.#drain();
    for (const broadcast of broadcasts) {
      this.#freed.add(this.#bytes.get(broadcast)?.buffer.byteLength ?? 0);
      this.#bytes.delete(broadcast);
      this.#values.delete(broadcast);
      this.#failures.delete(broadcast);
    }
  }

  #bytesOf(broadcast: BroadcastId): BroadcastBytes {
    for (let isAsked = false; ;) {
      // Before the look into the port: what comes after that changes it again.
      const signal = Atomics.load(this.#signal, 0);
      this.#drain();
      const bytes = this.#bytes.get(broadcast);
      if (bytes !== undefined) return bytes;
      const failure = this.#failures.get(broadcast);
      this.#failures.delete(broadcast);
      // What was said to an earlier question may be another now.
      if (failure !== undefined && isAsked) throw deserializeError(failure);
      if (this.#isCancelled()) throw new TaskKilledError("the task was cancelled");
      if (!isAsked) this.#ask(broadcast);
      isAsked = true;
      Atomics.wait(this.#signal, 0, signal, pollInterval);
    }
  }

  #drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      const message = received.message as ToBroadcastPort;
      if ("bytes" in message) this.#bytes.set(message.broadcast, message.bytes);
      else this.#failures.set(message.broadcast, message.error);
    }
  }
}

let broadcasts: WorkerBroadcasts | undefined;

/** The broadcasts that functions of this thread read. */
export function useBroadcasts(those: WorkerBroadcasts): void {
  broadcasts = those;
}

/** A broadcast as functions see it. */
class TaskBroadcast {
  readonly id: BroadcastId;
  #read: { readonly value: unknown } | undefined;

  constructor({ id }: BroadcastData) {
    this.id = id;
  }

  get value(): unknown {
    if (this.#read === undefined) {
      if (broadcasts === undefined) throw new GloamError("GLOAM_INTERNAL", "this thread has no broadcasts");
      this.#read = { value: broadcasts.value(this.id) };
    }
    return this.#read.value;
  }

  unpersist(): never {
    throw driverOnly("unpersist");
  }

  destroy(): never {
    throw driverOnly("destroy");
  }

  [transferSymbol](): Transfer {
    return { refuse: "is a broadcast of a task", mend: "use it in the function that captured it" };
  }
}

function driverOnly(method: string): GloamError {
  return new GloamError("GLOAM_DRIVER_ONLY", `${method}() of a broadcast was called in a function`);
}

registerReviver(broadcastReviver, (data: BroadcastData) => new TaskBroadcast(data));
