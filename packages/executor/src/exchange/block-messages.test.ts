import { blockCodecs, isGloamError } from "@gloam/common";
import { packMessage } from "@gloam/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest, mostParts } from "./block-messages.ts";

// Tens of thousands of errors are made here, and most of their cost is in stacks that nobody reads.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 0));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

const count = fc.oneof(fc.nat(300), fc.maxSafeNat());
const part = fc
  .record({ store: count, output: count, segment: count, from: fc.nat(1e6), length: fc.integer({ min: 1, max: 1e6 }) })
  .map(({ length, ...rest }) => ({ ...rest, to: rest.from + length }));
const request = fc.oneof(
  fc.record(
    { id: count, codec: fc.constantFrom(...blockCodecs), parts: fc.array(part, { minLength: 1, maxLength: 5 }) },
    { requiredKeys: ["id", "parts"] },
  ),
  fc.record({ cancel: count }),
);
const answerParts = fc.array(
  fc.oneof(
    fc.record({ part: count, from: count, lengths: fc.array(count, { maxLength: 5 }) }),
    fc.record({
      part: count,
      failure: fc.constantFrom("missing" as const, "corrupt" as const),
      detail: fc.string(),
    }),
  ),
  { minLength: 1, maxLength: 5 },
);
const answer = fc.record(
  { id: count, compressed: fc.constant(true as const), parts: answerParts },
  { requiredKeys: ["id", "parts"] },
);

test("requests and answers come back as they were", () => {
  fc.assert(
    fc.property(request, answer, (asked, answered) => {
      expect(decodeRequest(encodeRequest(asked))).toEqual(asked);
      expect(decodeAnswer(encodeAnswer(answered))).toEqual(answered);
    }),
  );
});

/** What the decoder says of bytes that nobody sent. */
function outcome(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): "read" | "refused" {
  try {
    decode(bytes);
    return "read";
  } catch (error) {
    if (isGloamError(error) && error.code === "GLOAM_FRAME_INVALID") return "refused";
    throw error;
  }
}

test.each([
  ["request", decodeRequest, request.map(encodeRequest)] as const,
  ["answer", decodeAnswer, answer.map(encodeAnswer)] as const,
])("a %s that is altered, cut off or something else is refused or harmless", (_name, decode, valid) => {
  const altered = fc
    .tuple(
      valid,
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
      fc.nat(),
    )
    .map(([bytes, changes, cut]) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, value] of changes) copy[at % copy.length] = value;
      return cut % 3 === 0 ? copy.subarray(0, cut % copy.length) : copy;
    });
  const other = fc
    .anything({ values: [fc.boolean(), fc.integer(), fc.double(), fc.string(), fc.constant(null)] })
    .map((value) => packMessage(value));
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(altered, other, fc.uint8Array({ maxLength: 60 })), (bytes) => {
      seen[outcome(decode, bytes)]++;
    }),
    { numRuns: 15_000 },
  );
  expect(seen.refused).toBeGreaterThan(5000);
});

test.each([
  { id: 1, parts: [] },
  { id: 1, parts: [{ store: 1, output: 1, segment: 1, from: 3, to: 3 }] },
  { id: 1, parts: [{ store: 1, output: 1, segment: 1, from: 0, to: 2 ** 40 }] },
  { id: 1, parts: [{ store: -1, output: 1, segment: 1, from: 0, to: 1 }] },
  { id: 1, codec: "none", parts: [{ store: 1, output: 1, segment: 1, from: 0, to: 1 }] },
  { id: 1.5, parts: [{ store: 1, output: 1, segment: 1, from: 0, to: 1 }] },
  { id: 1, parts: [{ store: 1, output: 1, segment: 1, from: 0, to: 1, more: 1 }] },
  { id: 1, cancel: 1 },
  { cancel: "1" },
])("%j is no request", (message) => {
  expect(outcome(decodeRequest, packMessage(message))).toBe("refused");
});

test("a request has so many parts at most", () => {
  const parts = (length: number): Uint8Array =>
    encodeRequest({
      id: 1,
      parts: Array.from({ length }, () => ({ store: 1, output: 2, segment: 3, from: 0, to: 1 })),
    });
  expect(outcome(decodeRequest, parts(mostParts))).toBe("read");
  expect(outcome(decodeRequest, parts(mostParts + 1))).toBe("refused");
});
