import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SchedulerEvent } from "../messages/scheduler.ts";
import { asRecord, FakeMesos } from "../testing/fake-mesos.ts";
import { recordedRecords } from "../testing/recorded-stream.ts";
import { swiftTimers } from "../testing/swift-timers.ts";
import { SchedulerClient } from "./scheduler-client.ts";

/** Without ERROR, which ends the framework, as it should; and without SUBSCRIBED, with which the fake begins. */
const records = recordedRecords("scheduler").filter(
  (record) => !/"type":"(?:ERROR|SUBSCRIBED)"/.test(record.toString()),
);
const last: SchedulerEvent = { type: "RESCIND", rescind: { offer_id: { value: "last" } } };
const isLast = (event: SchedulerEvent): boolean => event.type === "RESCIND" && event.rescind.offer_id.value === "last";

/** Sends bytes over a subscription, then a last event as often as it takes; resolves when that arrives. */
async function survives(bytes: Uint8Array, pieces: readonly number[]): Promise<SchedulerEvent[]> {
  const master = await FakeMesos.start();
  const events: SchedulerEvent[] = [];
  let subscriptions = 0;
  let isArrived = (): void => {};
  const arrived = new Promise<void>((resolve) => (isArrived = resolve));
  const client = new SchedulerClient(
    {
      masters: [master.address],
      framework: { user: "root", name: "test" },
      connectPatience: 600_000,
      timers: swiftTimers(25),
    },
    {
      onSubscribed() {
        if (++subscriptions === 1) {
          const places = [0, ...pieces.map((piece) => piece % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          for (const [index, place] of places.slice(0, -1).entries())
            master.sendBytes(bytes.subarray(place, places[index + 1]));
          // A stream that is cut in the middle of a record would have the next one's bytes belong to it.
          setTimeout(() => master.endStreams(), 5);
        } else {
          master.send(last);
        }
      },
      onDisconnected: (reason) => expect(reason.code).toMatch(/^GLOAM_MESOS_(?:DISCONNECTED|PROTOCOL)$/),
      onEvent(event) {
        events.push(event);
        if (isLast(event)) isArrived();
      },
      onFailure: (error) => expect.fail(error.message),
    },
  );
  try {
    client.start();
    await arrived;
    return events;
  } finally {
    await client.stop();
    await master.stop();
  }
}

describe("a scheduler's client goes on after", () => {
  const anyPieces = fc.array(fc.nat(), { maxLength: 4 });

  test("recorded events in any order and number, all of which it passes on", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...records), { maxLength: 40 }), anyPieces, async (chosen, pieces) => {
        const sent = chosen.map((record) => JSON.parse(record.toString()) as SchedulerEvent);
        const events = await survives(Buffer.concat(sent.map(asRecord)), pieces);
        expect(events).toEqual([...sent.filter(({ type }) => type !== "HEARTBEAT"), last]);
      }),
      { numRuns: 40 },
    );
  });

  test("a recorded stream that ends anywhere", async () => {
    const stream = Buffer.concat(records.map((record) => asRecord(JSON.parse(record.toString()))));
    await fc.assert(
      fc.asyncProperty(fc.nat(stream.length), anyPieces, async (end, pieces) => {
        await survives(stream.subarray(0, end), pieces);
      }),
      { numRuns: 60 },
    );
  });

  test("garbage between events", async () => {
    const part = fc.oneof(
      fc.constantFrom(...records).map((record) => asRecord(JSON.parse(record.toString()))),
      fc.uint8Array({ maxLength: 30 }),
      fc.jsonValue().map(asRecord),
      fc.constantFrom("1073741824\n{", "-1\n", "5\n{}").map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 10 }), anyPieces, async (parts, pieces) => {
        await survives(Buffer.concat(parts), pieces);
      }),
      { numRuns: 60 },
    );
  });
});
