import type { Clock } from "@gloam/common";
import type { Channel, FromExecutor, ToExecutor } from "@gloam/protocol";

interface ExpectedExecutor {
  /** Milliseconds of the driver's clock. */
  since: number;
  /** Once it has connected. */
  channel: Channel<ToExecutor, FromExecutor> | undefined;
}

/** Executors that have been started and have not registered yet: each may connect once. */
export class ExpectedExecutors {
  readonly #clock: Clock;
  readonly #expected = new Map<string, ExpectedExecutor>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An executor has been started. */
  expect(id: string): void {
    this.#expected.set(id, { since: this.#clock.now(), channel: undefined });
  }

  has(id: string): boolean {
    return this.#expected.has(id);
  }

  /** Whether one may connect as this executor. */
  awaits(id: string): boolean {
    const expected = this.#expected.get(id);
    return expected !== undefined && expected.channel === undefined;
  }

  /** It has connected, and is to register. */
  connected(id: string, channel: Channel<ToExecutor, FromExecutor>): void {
    const expected = this.#expected.get(id);
    if (expected !== undefined) expected.channel = channel;
  }

  /** It has registered over this channel, which is somebody else's from now on; false where nobody waits for that. */
  registered(id: string, channel: Channel<ToExecutor, FromExecutor>): boolean {
    return this.#expected.get(id)?.channel === channel && this.#expected.delete(id);
  }

  /** It will not come, and is not let in if it does. */
  forget(id: string): void {
    const expected = this.#expected.get(id);
    this.#expected.delete(id);
    expected?.channel?.terminate();
  }

  /** So many milliseconds count for none of them. */
  excuse(milliseconds: number): void {
    for (const expected of this.#expected.values()) expected.since += milliseconds;
  }

  /** Those that were started longer ago than that. */
  overdue(milliseconds: number): string[] {
    const now = this.#clock.now();
    return [...this.#expected].flatMap(([id, { since }]) => (now - since > milliseconds ? [id] : []));
  }

  /** Ends the connections of all. */
  terminate(): void {
    for (const { channel } of this.#expected.values()) channel?.terminate();
  }
}
