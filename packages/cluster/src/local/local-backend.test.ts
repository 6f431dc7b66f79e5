import type { ExecutorHostOptions } from "@gloam/executor";
import type { UntimedEvent } from "@gloam/scheduler";
import { expect, test, vi } from "vitest";
import { LocalBackend } from "./local-backend.ts";

/** Threads that cannot be started any more as soon as they have started. */
vi.mock("@gloam/executor", () => ({
  ExecutorHost: class {
    readonly places = 2;
    readonly threads = 2;
    readonly #onFailing: (error: Error) => void;

    constructor(_options: unknown, { onFailing }: { readonly onFailing: (error: Error) => void }) {
      this.#onFailing = onFailing;
    }

    async start(): Promise<void> {
      setImmediate(() => this.#onFailing(new Error("a worker cannot be started: no memory")));
    }
  },
}));

test("jobs wait for no other executor when a thread cannot be started", async () => {
  const events: UntimedEvent[] = [];
  const backend = new LocalBackend({ scratchPath: "" } as ExecutorHostOptions, 1);
  await backend.start((event) => events.push(event));
  await vi.waitFor(() => expect(events).toHaveLength(3));
  const reason = "a worker cannot be started: no memory";
  expect(events).toMatchObject([
    { type: "executorAdded", slots: 2 },
    { type: "executorLost", executor: "local", reason },
    { type: "noMoreExecutors", reason },
  ]);
});
