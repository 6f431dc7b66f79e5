import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GloamError, isGloamError } from "./gloam-error.ts";
import { deserializeError, serializeError } from "./serialized-error.ts";

/** Through structured clone, as between threads. */
const travel = (thrown: unknown): unknown => deserializeError(structuredClone(serializeError(thrown)));

describe("built-in classes", () => {
  test.each([Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError])("%o stays", (type) => {
    const original = new type("it broke");
    const arrived = travel(original) as Error;
    expect(arrived).toBeInstanceOf(type);
    expect(arrived.constructor).toBe(type);
    expect([arrived.message, arrived.name, arrived.stack]).toEqual([original.message, original.name, original.stack]);
    expect(inspect(arrived)).toBe(inspect(original));
  });

  test("AggregateError keeps its errors", () => {
    const arrived = travel(new AggregateError([new RangeError("a"), "b"], "both")) as AggregateError;
    expect(arrived).toBeInstanceOf(AggregateError);
    expect(arrived.errors).toEqual([new RangeError("a"), "b"]);
  });

  test("DOMException keeps its name", () => {
    const arrived = travel(new DOMException("stop", "AbortError")) as DOMException;
    expect(arrived).toBeInstanceOf(DOMException);
    expect([arrived.name, arrived.message]).toEqual(["AbortError", "stop"]);
  });

  test("an error of another realm", () => {
    expect(travel(runInNewContext("new TypeError('foreign')"))).toBeInstanceOf(TypeError);
  });
});

test("an instance of the user's class keeps name, stack and plain properties", () => {
  class HttpError extends RangeError {
    override readonly name = "HttpError";
    readonly status = 404;
    readonly request = { url: "/x", headers: ["a"], at: new Date(0) };
    readonly socket = new Map();
    readonly retry = () => 1;
  }
  const original = new HttpError("not found");
  const arrived = travel(original) as HttpError;
  expect(arrived).toBeInstanceOf(RangeError);
  expect(arrived).toMatchObject({ name: "HttpError", status: 404, request: original.request, stack: original.stack });
  expect(Object.keys(arrived)).toEqual(["status", "request"]);
});

test("a file system's error keeps code and path", () => {
  const original = Object.assign(new Error("ENOENT"), { code: "ENOENT", errno: -2, path: "/x" });
  expect(travel(original)).toMatchObject({ code: "ENOENT", errno: -2, path: "/x" });
});

test("a GloamError stays one, with all its parts", () => {
  const callSite = { file: "/etl.ts", line: 1, column: 2 };
  const cause = new TypeError("the user's own");
  const original = new GloamError("GLOAM_TASK_FAILED", "failed", { hint: "mend f", callSite, operation: "map", cause });
  const arrived = travel(original) as GloamError;
  expect(isGloamError(arrived)).toBe(true);
  expect(arrived).toBeInstanceOf(GloamError);
  for (const key of ["name", "message", "code", "hint", "callSite", "operation", "stack"] as const) {
    expect(arrived[key]).toEqual(original[key]);
  }
  expect(arrived.cause).toBeInstanceOf(TypeError);
  expect((arrived.cause as Error).stack).toBe(cause.stack);
  expect(inspect(arrived)).toBe(inspect(original));
});

describe("thrown values that are no errors", () => {
  test("plain data arrives as it was", () => {
    for (const thrown of ["text", 3, null, undefined, 1n, { reason: ["a", { b: 1 }] }, [1, "x", null]]) {
      expect(travel(thrown)).toEqual(thrown);
    }
  });

  test("others are described", () => {
    expect(travel(Symbol("s"))).toBe("Symbol(s)");
    expect(travel(new Map())).toBe("[object Map]");
  });
});

describe("bounds", () => {
  test("a cycle of causes ends", () => {
    const first = new Error("first");
    first.cause = new Error("second", { cause: first });
    let depth = 0;
    for (let level = travel(first); level instanceof Error; level = level.cause) depth++;
    expect(depth).toBe(9);
  });

  test("long texts and large properties are cut", () => {
    const original = Object.assign(new Error("x".repeat(1e6)), {
      rows: Array.from({ length: 1e4 }, () => "y".repeat(99)),
    });
    expect(JSON.stringify(serializeError(original)).length).toBeLessThan(1e6);
  });

  test("a structure that contains itself ends", () => {
    const own: Record<string, unknown> = {};
    own["self"] = [own, own];
    expect(travel(Object.assign(new Error("x"), { own }))).toBeInstanceOf(Error);
  });
});

describe("hostile errors", () => {
  const throwing = (): never => {
    throw new Error("got you");
  };

  test("getters that throw", () => {
    const original = new Error("x");
    for (const key of ["stack", "name", "message", "cause", "code"]) {
      Object.defineProperty(original, key, { get: throwing, enumerable: true });
    }
    expect(travel(original)).toBeInstanceOf(Error);
  });

  test("a proxy that throws", () => {
    const handler = { get: throwing, getPrototypeOf: throwing, ownKeys: throwing };
    expect(travel(new Proxy(new Error("x"), handler))).toBe("(a value that cannot be shown)");
    expect(travel(Object.assign(new Error("x"), { detail: new Proxy({}, handler) }))).toBeInstanceOf(Error);
  });

  test("properties named like an error's own, or __proto__", () => {
    const original = Object.assign(new Error("x"), {
      errors: [1],
      detail: JSON.parse('{"__proto__": {"a": 1}}') as unknown,
    });
    const arrived = travel(original) as { detail?: object };
    expect(arrived).toBeInstanceOf(Error);
    expect(Object.getPrototypeOf(arrived.detail)).toBe(Object.prototype);
  });

  test("anything travels without throwing", () => {
    fc.assert(
      fc.property(
        fc.anything({ withMap: true, withDate: true, withNullPrototype: true, withBigInt: true }),
        (value) => {
          travel(value);
          travel(Object.assign(new Error("x", { cause: value }), { value }));
        },
      ),
    );
  });
});
