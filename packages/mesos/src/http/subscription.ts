import { GloamError, isGloamError, type Timers } from "@gloam/common";
import type { Client } from "undici";
import { postCall, readAnswer, type Answer } from "./answer.ts";
import { deliver } from "./deliver.ts";
import { RecordDecoder } from "./record-decoder.ts";
import { openConnection, type Target } from "./transport.ts";

/** Why a subscription ended. */
export type SubscriptionEnd =
  /** It was not begun: the answer says why. */
  | { readonly kind: "refused"; readonly answer: Answer }
  /** It could not be begun, or was, and is no more. */
  | { readonly kind: "lost"; readonly reason: GloamError };

/** What is subscribed, where and how. */
export interface SubscriptionOptions<Event> {
  readonly target: Target;
  readonly headers: Record<string, string>;
  /** The SUBSCRIBE call. */
  readonly call: unknown;
  /** Reads a record; undefined for an event that is to be ignored. */
  readonly read: (record: Uint8Array) => Event | undefined;
  readonly timers: Timers;
}

export interface SubscriptionObserver<Event> {
  onEvent(event: Event): void;
  /** Once, unless it was closed. */
  onEnd(end: SubscriptionEnd): void;
}

/** How long a subscription may take until its first event is there, in milliseconds. */
const openTimeout = 15_000;

/** How long the answer of a call may take, in milliseconds. */
const answerTimeout = 30_000;

/** Intervals without a sign of life after which the other side is gone. */
const mostMissedHeartbeats = 5;

/** How long a record may take from its first byte to its last, in milliseconds: a wrong length would swallow all that follows. */
const recordTimeout = 60_000;

const mostRefusalBytes = 64 * 1024;

/**
 * One subscription with a master or an agent: a connection over which events come, and one for calls, which belong together
 * and end together. It is not begun again; nothing is left of it once it has ended.
 */
export class Subscription<Event> {
  readonly #options: SubscriptionOptions<Event>;
  readonly #observer: SubscriptionObserver<Event>;
  readonly #events: Client;
  readonly #calls: Client;
  readonly #headers: Record<string, string>;
  #cancelWatch: () => void;
  #cancelRecordWatch: (() => void) | undefined;
  #isAnswered = false;
  #isHeard = false;
  #isOver = false;
  #closed: Promise<unknown> | undefined;

  /** Begins. The observer hears nothing before the constructor has returned. */
  constructor(options: SubscriptionOptions<Event>, observer: SubscriptionObserver<Event>) {
    this.#options = options;
    this.#observer = observer;
    this.#headers = { ...options.headers };
    this.#events = openConnection(options.target, 0);
    this.#calls = openConnection(options.target, answerTimeout);
    this.#cancelWatch = options.timers.after(openTimeout, () => {
      if (!this.#isHeard) this.fail(this.#lost(`does not answer for ${openTimeout / 1000} s`));
    });
    void this.#open();
  }

  /** From now on, something has to be heard in five intervals of so many milliseconds. */
  expectHeartbeats(interval: number): void {
    if (this.#isOver) return;
    let missed = 0;
    const watch = (): void => {
      missed = this.#isHeard ? 0 : missed + 1;
      this.#isHeard = false;
      if (missed >= mostMissedHeartbeats) {
        this.fail(this.#lost(`has not been heard for ${mostMissedHeartbeats} heartbeats of ${interval / 1000} s`));
      } else {
        this.#cancelWatch = this.#options.timers.after(interval, watch);
      }
    };
    this.#cancelWatch();
    this.#isHeard = false;
    this.#cancelWatch = this.#options.timers.after(interval, watch);
  }

  /**
   * Sends a call; calls arrive in the order in which they are made.
   *
   * @throws GLOAM_MESOS_DISCONNECTED where no answer comes, which also ends the subscription: what follows would be out of order.
   */
  async call(call: unknown): Promise<Answer> {
    try {
      return await postCall(this.#calls, this.#options.target.path, this.#headers, call);
    } catch (cause) {
      const reason = this.#lost("did not answer a call", cause);
      this.fail(reason);
      throw reason;
    }
  }

  /** Ends it for a reason that the observer is told. */
  fail(reason: GloamError): void {
    this.#end({ kind: "lost", reason });
  }

  /** Ends it without a word to the observer; resolves when its sockets are closed. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#cancelWatch();
    this.#cancelRecordWatch?.();
    this.#closed ??= Promise.all([this.#events.destroy(), this.#calls.destroy()]);
    await this.#closed;
  }

  #end(end: SubscriptionEnd): void {
    if (this.#isOver) return;
    void this.close();
    deliver(() => this.#observer.onEnd(end));
  }

  async #open(): Promise<void> {
    const { target, headers, call } = this.#options;
    try {
      const body = JSON.stringify(call);
      const response = await this.#events.request({ method: "POST", path: target.path, headers, body });
      this.#isAnswered = true;
      if (response.statusCode !== 200) {
        this.#end({ kind: "refused", answer: await readAnswer(response, mostRefusalBytes) });
        return;
      }
      const streamId = response.headers["mesos-stream-id"];
      if (typeof streamId === "string") this.#headers["mesos-stream-id"] = streamId;
      const decoder = new RecordDecoder();
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        this.#isHeard = true;
        const records = decoder.push(chunk);
        for (const record of records) this.#take(record);
        if (this.#isOver) return;
        this.#watchRecord(records.length > 0, decoder.isAtBoundary);
      }
      this.fail(this.#lost(decoder.isAtBoundary ? "closed the connection" : "closed the connection within a record"));
    } catch (error) {
      const how = this.#isAnswered ? "broke off" : "cannot be reached";
      this.fail(isGloamError(error) ? error : this.#lost(how, error));
    }
  }

  #watchRecord(isComplete: boolean, isAtBoundary: boolean): void {
    if (isComplete) {
      this.#cancelRecordWatch?.();
      this.#cancelRecordWatch = undefined;
    }
    if (isAtBoundary) return;
    this.#cancelRecordWatch ??= this.#options.timers.after(recordTimeout, () => {
      const { origin } = this.#options.target;
      const problem = `a record from ${origin} is not complete after ${recordTimeout / 1000} s`;
      this.fail(new GloamError("GLOAM_MESOS_PROTOCOL", problem));
    });
  }

  #take(record: Uint8Array): void {
    if (this.#isOver) return;
    const event = this.#options.read(record);
    if (event !== undefined) deliver(() => this.#observer.onEvent(event));
  }

  #lost(how: string, cause?: unknown): GloamError {
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    return new GloamError("GLOAM_MESOS_DISCONNECTED", `${this.#options.target.origin} ${how}${why}`, { cause });
  }
}
