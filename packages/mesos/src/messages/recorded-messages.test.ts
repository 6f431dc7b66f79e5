import type { GloamError } from "@gloam/common";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordDecoder } from "../http/record-decoder.ts";
import { recordedRecords, recordedStream } from "../testing/recorded-stream.ts";
import { checkMessage } from "./check-message.ts";
import { enumTable } from "./message-table.ts";
import { readEvent } from "./read-event.ts";

const streams = [
  ["scheduler", "SchedulerEvent"],
  ["executor", "ExecutorEvent"],
] as const;

describe.each(streams)("what a real Mesos sent to a %s", (name, message) => {
  const stream = recordedStream(name);
  const records = recordedRecords(name);

  test("is what the definitions say, to the last field", () => {
    for (const record of records) {
      const event = JSON.parse(record.toString()) as unknown;
      checkMessage(message, event, { strict: true });
      expect(readEvent(message, record)).toEqual(event);
    }
  });

  test("is the same wherever it is cut in two", () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const decoder = new RecordDecoder();
      const decoded = [...decoder.push(stream.subarray(0, cut)), ...decoder.push(stream.subarray(cut))];
      if (!decoded.every((record, index) => records[index]?.equals(record)) || decoded.length !== records.length)
        expect.fail(`cut at ${cut}`);
    }
  });

  test("is the same byte by byte", () => {
    const decoder = new RecordDecoder();
    const decoded = [...stream].flatMap((byte) => decoder.push(Uint8Array.of(byte)));
    expect(decoded.map((record) => Buffer.from(record))).toEqual(records);
  });

  test("is read as whole events or refused with the code, wherever an event ends too early", () => {
    const codeAt = (record: Buffer, end: number): unknown => {
      try {
        return readEvent(message, record.subarray(0, end));
      } catch (error) {
        return (error as GloamError).code;
      }
    };
    for (const record of records) {
      const codes = Array.from(record, (_, end) => codeAt(record, end));
      expect(new Set(codes)).toEqual(new Set(["GLOAM_MESOS_PROTOCOL"]));
    }
  });

  test("is read or refused with the code, whatever bytes are changed", () => {
    const change = fc.record({ at: fc.nat(stream.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const changed = Buffer.from(stream);
        for (const { at, byte } of changes) changed[at] = byte;
        try {
          for (const record of new RecordDecoder().push(changed)) readEvent(message, record);
        } catch (error) {
          expect(error).toMatchObject({ code: "GLOAM_MESOS_PROTOCOL" });
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("every kind of event of a scheduler was recorded", () => {
  const types = new Set<string | undefined>(
    recordedRecords("scheduler").map((record) => readEvent("SchedulerEvent", record)?.type),
  );
  const wanted = enumTable["SchedulerEventType"]!.split(" ").filter((type) => type !== "UNKNOWN");
  expect(wanted.filter((type) => !types.has(type))).toEqual([]);
});
