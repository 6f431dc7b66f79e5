import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordDecoder } from "./record-decoder.ts";

const encode = (record: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${record.length}\n`), record]);

describe("RecordDecoder", () => {
  test("counts bytes, not characters", () => {
    const text = '"é€"';
    const decoder = new RecordDecoder();
    const [first, second] = decoder.push(Buffer.concat([encode(Buffer.from(text)), encode(Buffer.from("null"))]));
    expect([Buffer.from(first!).toString(), Buffer.from(second!).toString()]).toEqual([text, "null"]);
    expect(decoder.isAtBoundary).toBe(true);
  });

  test("gives the same records however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 12 }),
        (records, cuts) => {
          const stream = Buffer.concat(records.map(encode));
          const places = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
          const decoder = new RecordDecoder();
          const decoded = places.slice(1).flatMap((end, index) => decoder.push(stream.subarray(places[index], end)));
          expect(decoded.map((each) => [...each])).toEqual(records.map((each) => [...each]));
          expect(decoder.isAtBoundary).toBe(true);
        },
      ),
    );
  });

  test("refuses a record of 1 GiB before anything of it is there", () => {
    const decoder = new RecordDecoder();
    expect(() => decoder.push(Buffer.from("1073741824\n"))).toThrow(
      "GLOAM_MESOS_PROTOCOL: a record of at least 1073741824 bytes is longer than the 67108864 that are taken",
    );
  });

  test("takes a record of the limit", () => {
    expect(new RecordDecoder({ mostBytes: 3 }).push(Buffer.from("3\nabc")).length).toBe(1);
    expect(() => new RecordDecoder({ mostBytes: 3 }).push(Buffer.from("4\nabcd"))).toThrow("GLOAM_MESOS_PROTOCOL");
  });

  test.each(["\n", "-1\n", "1e3\n", " 1\n", "0x1\n", "12\r\n", "0000000000000\n"])("refuses %j as a length", (text) => {
    expect(() => new RecordDecoder().push(Buffer.from(text))).toThrow("GLOAM_MESOS_PROTOCOL");
  });

  test("never does anything but give records or throw a code", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 10 }), (chunks) => {
        const decoder = new RecordDecoder({ mostBytes: 100 });
        try {
          for (const chunk of chunks) decoder.push(chunk);
        } catch (error) {
          expect(error).toMatchObject({ code: "GLOAM_MESOS_PROTOCOL" });
        }
      }),
    );
  });
});
