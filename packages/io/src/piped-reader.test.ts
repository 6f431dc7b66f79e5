import type { Batch, BatchReader } from "@gloam/plan";
import { describe, expect, test } from "vitest";
import { PipedReader, type Feeding } from "./piped-reader.ts";

/** Never ends. */
function endless(): BatchReader & { readonly given: number; readonly closed: boolean } {
  return {
    given: 0,
    closed: false,
    next(): Batch {
      (this as { given: number }).given++;
      return { length: 1000, rows: Array.from({ length: 1000 }, (_, i) => `${i}`.padStart(99, "0")) };
    },
    close() {
      (this as { closed: boolean }).closed = true;
    },
  };
}

const quiet: Feeding = { context: undefined, element: undefined, checkCancelled: () => undefined };

/** Cancels when asked for the `n`th time. */
function cancelling(n: number): Feeding {
  let asked = 0;
  return {
    ...quiet,
    checkCancelled() {
      if (++asked >= n) throw new Error("cancelled");
    },
  };
}

const command = (...argv: string[]) => ({ argv, env: {}, directory: undefined });

describe("PipedReader", () => {
  test("feeds no more than a command takes, and sees that it was cancelled while it waits", async () => {
    const input = endless();
    const reader = new PipedReader(input, command("sleep", "1000"), cancelling(20));
    await expect(reader.ready()).rejects.toThrow("cancelled");
    // 100 kB each: what is on its way to the command is bounded.
    expect(input.given).toBeLessThan(10);
    reader.close();
    expect(input.closed).toBe(true);
  });

  test("hands lines on while there is more input", async () => {
    const input = endless();
    const reader = new PipedReader(input, command("cat"), quiet);
    let lines = 0;
    while (lines < 50_000) {
      await reader.ready();
      const batch = reader.next()!;
      for (let at = 0; at < batch.length; at++) expect(batch.rows![at]).toBe(`${lines++ % 1000}`.padStart(99, "0"));
    }
    expect(input.given).toBeLessThan(100);
    reader.close();
  });

  test("an error of the input comes as it is", async () => {
    const broken: BatchReader = {
      next() {
        throw new TypeError("broken");
      },
    };
    const reader = new PipedReader(broken, command("cat"), quiet);
    await expect(reader.ready()).rejects.toThrow(new TypeError("broken"));
    reader.close();
  });
});
