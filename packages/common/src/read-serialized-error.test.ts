import fc from "fast-check";
import { expect, test } from "vitest";
import { GloamError } from "./gloam-error.ts";
import { readSerializedError } from "./read-serialized-error.ts";
import { deserializeError, serializeError } from "./serialized-error.ts";

test("an error that was serialized is read as it was", () => {
  const callSite = { file: "a.ts", line: 1, column: 2 };
  const error = new GloamError("GLOAM_TASK_FAILED", "it failed", {
    cause: new AggregateError([new TypeError("one"), "two"], "several", {
      cause: Object.assign(new Error("x"), { code: "E" }),
    }),
    callSite,
    operation: "map",
  });
  expect(readSerializedError(serializeError(error))).toEqual(serializeError(error));
  expect(readSerializedError(serializeError(7))).toEqual({ kind: "value", value: 7 });
});

test("anything can be read, and made into what was thrown", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      deserializeError(readSerializedError(value));
      deserializeError(
        readSerializedError({ kind: "error", type: value, properties: value, cause: value, gloam: value }),
      );
    }),
    { numRuns: 2000 },
  );
});

test("a code that is not in the table, and endless causes, are left out", () => {
  expect(readSerializedError({ kind: "error", gloam: { code: "toString" } })).toMatchObject({ gloam: undefined });
  const endless: Record<string, unknown> = { kind: "error" };
  endless["cause"] = endless;
  deserializeError(readSerializedError(endless));
});
