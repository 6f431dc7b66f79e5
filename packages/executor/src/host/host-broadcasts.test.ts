import { encodeApart } from "@gloam/arrow";
import { GloamError, serializeError } from "@gloam/common";
import { apartOffset, type BroadcastBytes } from "@gloam/plan";
import { expect, test } from "vitest";
import { WorkerBroadcasts, type BroadcastPort } from "../worker-broadcasts.ts";
import { HostBroadcasts } from "./host-broadcasts.ts";

function encoded(value: unknown): BroadcastBytes {
  const { head, apart } = encodeApart(value);
  const offset = apartOffset(head.length);
  const buffer = new SharedArrayBuffer(offset + apart.byteLength);
  new Uint8Array(buffer).set(head);
  apart.writeTo(new Uint8Array(buffer, offset));
  return { buffer, headBytes: head.length };
}

/** An executor's broadcasts, what it is asked for, and how many bytes it counts. `answer` is what follows a question. */
function host(answer: (host: HostBroadcasts, broadcast: number) => void = () => undefined) {
  const wanted: number[] = [];
  const memory = { bytes: 0 };
  const broadcasts: HostBroadcasts = new HostBroadcasts(
    () => ({ adopt: (bytes) => (memory.bytes += bytes), release: (bytes) => (memory.bytes -= bytes) }),
    (broadcast) => {
      wanted.push(broadcast);
      answer(broadcasts, broadcast);
    },
  );
  const worker = (slot: number, isCancelled = () => false, port: BroadcastPort = broadcasts.connect(slot)) =>
    new WorkerBroadcasts(port, (broadcast) => broadcasts.ask(slot, broadcast), isCancelled);
  return { broadcasts, wanted, memory, worker };
}

test("what is here is read by workers that were there before and by those that came later, each rebuilding it once", () => {
  const { broadcasts, memory, worker } = host();
  const early = worker(0);
  const bytes = encoded({ large: new Float64Array(5000).fill(1), small: [1] });
  broadcasts.put(7, bytes);
  const values = [early, worker(1)].map((each) => each.value(7) as { large: Float64Array; small: number[] });
  expect(values.map(({ large }) => [large.length, large[4999]])).toEqual([[5000, 1], [5000, 1]]); // prettier-ignore
  // The same memory, against the contract to see it.
  values[0]!.large[17] = 5;
  expect(values[1]!.large[17]).toBe(5);
  expect(values[0]!.small).not.toBe(values[1]!.small);
  expect(early.value(7)).toBe(values[0]);
  expect(memory.bytes).toBe(bytes.buffer.byteLength);
  broadcasts.drop([7, 8]);
  expect(memory.bytes).toBe(0);
});

test("what is not here is asked for once, and comes to all who wait", () => {
  const { wanted, worker } = host((broadcasts, broadcast) => broadcasts.put(broadcast, encoded(["it"])));
  const [one, other] = [worker(0), worker(1)];
  expect(one.value(3)).toEqual(["it"]);
  expect(other.value(3)).toEqual(["it"]);
  expect(wanted).toEqual([3]);
});

test("what cannot be had is an error, for whoever asks the next time again", () => {
  let isGone = true;
  const error = serializeError(new GloamError("GLOAM_BROADCAST_DESTROYED", "it is gone"));
  const { wanted, worker } = host((broadcasts, broadcast) =>
    isGone ? broadcasts.fail(broadcast, error) : broadcasts.put(broadcast, encoded("back")),
  );
  const [one, other] = [worker(0), worker(1)];
  expect(() => one.value(3)).toThrow("it is gone");
  isGone = false;
  expect(other.value(3)).toBe("back");
  expect(one.value(3)).toBe("back");
  expect(wanted).toEqual([3, 3]);
});

test("what a worker has to forget it gets again from its executor, which may have it", () => {
  const { broadcasts, wanted, worker } = host((all, broadcast) => all.put(broadcast, encoded("anew")));
  const one = worker(0);
  broadcasts.put(3, encoded(["first"]));
  const first = one.value(3);
  one.forget([3]);
  expect(one.value(3)).toEqual(["first"]);
  expect(one.value(3)).not.toBe(first);
  expect(wanted).toEqual([]);
  broadcasts.drop([3]);
  one.forget([3]);
  expect(one.value(3)).toBe("anew");
});

test("a task that was cancelled waits no more", () => {
  const { worker } = host();
  expect(() => worker(0, () => true).value(3)).toThrow("cancelled");
});
