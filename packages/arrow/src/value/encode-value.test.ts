import { runInNewContext } from "node:vm";
import { isGloamError } from "@gloam/common";
import fc from "fast-check";
import { addExtension, pack, unpack } from "msgpackr";
import { describe, expect, test } from "vitest";
import { anyValue, Point } from "../testing/arbitrary-values.ts";
import { equalValues } from "../testing/equal-values.ts";
import { registerClass } from "./class-registry.ts";
import { decodeValue, encodeValue } from "./encode-value.ts";

function copy<T>(value: T): T {
  return decodeValue(encodeValue(value)) as T;
}

function refusal(value: unknown): string {
  try {
    encodeValue(value);
  } catch (error) {
    if (isGloamError(error) && error.code === "GLOAM_VALUE_NOT_SERIALIZABLE") return error.message;
    throw error;
  }
  return "accepted";
}

test("every value that can travel comes back equal", () => {
  fc.assert(
    fc.property(anyValue, (value) => equalValues(copy(value), value)),
    { numRuns: 500 },
  );
});

test("plain data is plain MessagePack", () => {
  const plain = {
    a: [1, -1, 1.5, 300, 70000, -70000, "text", "ä".repeat(100), true, null],
    b: { c: new Uint8Array([1, 2]) },
  };
  expect(unpack(encodeValue(plain))).toEqual(plain);
  expect(unpack(encodeValue([undefined, new Date(1234567890123)]))).toEqual([undefined, new Date(1234567890123)]);
  expect(unpack(encodeValue(2n ** 62n))).toBe(2n ** 62n);
});

describe("what msgpackr alone would change", () => {
  test.each<[string, unknown]>([
    [
      "a string that begins with a byte order mark",
      ["\ufeff", `\ufeff${"a".repeat(100)}`, { [`\ufeff${"k".repeat(70)}`]: 1 }],
    ],
    ["arrays that begin as escapes do", [["\u001b"], ["\u001b", 2], { a: ["\u001b", 7, "k"] }]],
    ["a root that begins as escapes do", ["\u001b", 16, 0]],
    ["such a root with an escape in it", ["\u001b", -0]],
    [
      "properties that classes have",
      { constructor: 1, toJSON: 2, hasOwnProperty: 3, length: 4, buffer: 5, __proto__: null },
    ],
    ["another constructor", { constructor: { name: "Map" }, size: 1 }],
    ["more than 65535 properties", Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, i]))],
    ["more than 65535 elements", Array.from({ length: 70_000 }, (_, i) => (i % 9 === 0 ? -0 : i))],
    ["a long text", { text: "a\u00e9\u65e5".repeat(5000), bytes: new Uint8Array(5000).fill(0xc1) }],
    ["a bigint of 100,000 bits", [2n ** 100_000n, -(2n ** 100_000n)]],
  ])("%s", (_, value) => {
    expect(equalValues(copy(value), value)).toBe(true);
  });

  test("a property of an array that hides its constructor", () => {
    expect(copy(Object.assign([1, 2], { constructor: Map }))).toEqual([1, 2]);
  });

  test("arrays and objects of another realm", () => {
    const holey: unknown[] = [];
    holey[1] = 1;
    expect(copy(runInNewContext("[1, { a: [-0] }, [, 1]]"))).toEqual([1, { a: [-0] }, holey]);
  });

  test("extensions that the program gives its msgpackr are not ours", () => {
    addExtension({ Class: Date, type: 17, write: () => "a date", read: () => "a date" });
    expect(unpack(pack(new Date(5)))).toBe("a date");
    expect(copy([new Date(5)])).toEqual([new Date(5)]);
  });
});

test("what is read does not hold on to its block", () => {
  const block = encodeValue([new Uint8Array(10), "text"]);
  const shared = new Uint8Array(new SharedArrayBuffer(block.length));
  shared.set(block);
  for (const source of [block, shared, Buffer.from(block)]) {
    const [bytes] = decodeValue(source) as [Uint8Array];
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    expect(bytes.buffer).toBeInstanceOf(ArrayBuffer);
    expect(bytes.buffer.byteLength).toBe(10);
  }
});

test("equalValues, which the properties rely on, tells values apart", () => {
  const pairs: [unknown, unknown][] = [
    [0, -0],
    [1, 1n],
    [[undefined], new Array(1)],
    [{ a: undefined }, {}],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [Buffer.from("a"), new Uint8Array([97])],
    [Object.create(null), {}],
    [new Error("a"), new Error("b")],
    [new Map([[1, 2]]), new Map([[1, 3]])],
  ];
  for (const [a, b] of pairs) expect(equalValues(a, b)).toBe(false);
});

describe("graphs", () => {
  test("cycles", () => {
    const node: { name: string; self?: unknown; list: unknown[] } = { name: "n", list: [] };
    node.self = node;
    node.list.push(node, new Map([[node, new Set([node])]]));
    const twin = copy(node);
    expect(twin.self).toBe(twin);
    expect(twin.list[0]).toBe(twin);
    const map = twin.list[1] as Map<unknown, Set<unknown>>;
    expect(map.get(twin)?.has(twin)).toBe(true);
  });

  test("cycles through instances and errors", () => {
    const point = new Point(1, undefined);
    const cycle = new Point(point, []);
    (cycle.y as unknown[]).push(cycle);
    const twin = copy(cycle);
    expect(twin).toBeInstanceOf(Point);
    expect((twin.y as unknown[])[0]).toBe(twin);
    const error = new Error("e");
    error.cause = error;
    expect(copy(error).cause).toSatisfy((cause: unknown) => cause instanceof Error && cause.cause === cause);
  });

  test("holes within graphs", () => {
    const array: unknown[] = [{ a: 1 }];
    array[3] = array;
    const twin = copy(array);
    expect(twin[3]).toBe(twin);
    expect(1 in twin).toBe(false);
    expect(twin[0]).toEqual({ a: 1 });
  });

  test("a list of 900 nodes; deeper ones are refused", () => {
    const list = (length: number) => {
      let node: unknown = null;
      for (let i = 0; i < length; i++) node = { next: node };
      return node;
    };
    expect(equalValues(copy(list(900)), list(900))).toBe(true);
    expect(refusal(list(100_000))).toContain("nested deeper than");
  });

  test.each<[string, (inner: unknown) => unknown, (outer: never) => unknown]>([
    ["arrays", (inner) => [inner], ([inner]: [unknown]) => inner],
    ["keys of Maps", (inner) => new Map([[inner, -0]]), (outer: Map<unknown, unknown>) => [...outer.keys()][0]],
    ["Sets", (inner) => new Set([inner]), (outer: Set<unknown>) => [...outer][0]],
    ["instances", (inner) => new Point(inner, 1), (outer: Point) => outer.x],
    ["causes", (inner) => new Error("outer", { cause: inner }), (outer: Error) => outer.cause],
  ])("990 %s in each other", (_, wrap, unwrap) => {
    let value: unknown = "innermost";
    for (let i = 0; i < 990; i++) value = wrap(value);
    let twin = copy(value);
    for (let i = 0; i < 990; i++) twin = unwrap(twin as never);
    expect(twin).toBe("innermost");
  });

  test("the data of an instance is asked for once", () => {
    class Box {
      readonly content: { value?: unknown } = {};
    }
    registerClass({
      name: "Box",
      constructor: Box,
      toData: (box: Box) => ({ shared: box.content, again: box.content }),
      fromData: (data: { shared: object; again: object }) =>
        Object.assign(new Box(), { content: data.shared, same: data.shared === data.again }),
    });
    const cycle: unknown[] = [new Box()];
    cycle.push(cycle);
    expect(copy(cycle)[0]).toMatchObject({ same: true });
  });

  test("a cycle through data that fromData needs is refused", () => {
    class Node {
      next: unknown = this;
    }
    registerClass({ name: "Node", constructor: Node, toData: (node: Node) => [node.next], fromData: () => new Node() });
    expect(refusal(new Node())).toContain("a cycle through an instance of a registered class");
  });

  test("objects that share parts do not explode", () => {
    let value: unknown = ["leaf"];
    for (let i = 0; i < 60; i++) value = [value, value];
    const bytes = encodeValue(value);
    expect(bytes.length).toBeLessThan(10_000);
    let twin = decodeValue(bytes) as unknown[];
    for (let i = 0; i < 60; i++) {
      expect(twin[0]).toBe(twin[1]);
      twin = twin[0] as unknown[];
    }
    expect(twin).toEqual(["leaf"]);
  });
});

describe("refusals name the path", () => {
  test.each<[unknown, string]>([
    [() => 1, "an element is a function"],
    [[1, { call: function go() {} }], "an element's [1].call is a function: go"],
    [{ a: { "b-c": Symbol("s") } }, `an element's a["b-c"] is a symbol: Symbol(s)`],
    [new Map([["k", new WeakMap()]]), `an element's get("k") is an instance of WeakMap`],
    [new Set([Promise.resolve()]), "is an instance of Promise"],
    [new Error("e", { cause: { f() {} } }), "an element's cause.f is a function: f"],
    [
      new (class Socket {
        open = true;
      })(),
      "an element is an instance of Socket",
    ],
    [new Point(1, [() => 1]), "an element's y[0] is a function"],
  ])("%o", (value, message) => {
    expect(refusal(value)).toContain(message);
  });

  test("a mend for classes", () => {
    expect(() =>
      encodeValue(
        new (class Money {
          cents = 1;
        })(),
      ),
    ).toThrow(expect.objectContaining({ hint: expect.stringContaining("plain data") as unknown }));
  });

  test("a mend for promises, iterators and unnamed classes", () => {
    const hinting = (words: string): unknown =>
      expect.objectContaining({ hint: expect.stringContaining(words) as unknown });
    expect(() => encodeValue(Promise.resolve())).toThrow(hinting("mapAsync"));
    const generated = (function* () {
      yield 1;
    })();
    for (const iterator of [generated, [1].values(), new Map().keys()]) {
      expect(refusal(iterator)).toContain("an element is an iterator");
      expect(() => encodeValue(iterator)).toThrow(hinting("[...iterator]"));
    }
    const unnamed = Object.create({ constructor: "none" }) as object;
    expect(refusal(unnamed)).toContain("an instance of an unnamed class");
    expect(() => encodeValue(unnamed)).toThrow(hinting("plain data"));
  });

  test("what the value is", () => {
    const rows = [1, new Point(1, [() => 1]), () => 1];
    expect(() => encodeValue(rows, { name: "an element", isHolder: true })).toThrow("an element is a function");
    expect(() => encodeValue([rows[1]], { name: "an element", isHolder: true })).toThrow(
      "an element's y[0] is a function",
    );
    expect(() => encodeValue([0, () => 1], { name: "zero" })).toThrow("zero's [1] is a function");
    expect(() => encodeValue(() => 1, { name: "zero" })).toThrow("zero is a function");
  });
});

describe("registered classes", () => {
  test("with their own data", () => {
    class Money {
      readonly #cents: bigint;
      constructor(cents: bigint) {
        this.#cents = cents;
      }
      static toData = (money: Money) => money.#cents;
      get cents() {
        return this.#cents;
      }
    }
    expect(() => registerClass({ name: "Money", constructor: Money })).toThrow(/private fields/);
    registerClass({
      name: "Money",
      constructor: Money,
      toData: Money.toData,
      fromData: (cents: bigint) => new Money(cents),
    });
    const twin = copy([new Money(5n), new Money(6n)]);
    expect(twin[1]).toBeInstanceOf(Money);
    expect(twin.map((money) => money.cents)).toEqual([5n, 6n]);
  });

  test("errors stay errors", () => {
    class Failure extends Error {
      override readonly name = "Failure";
      readonly code = 7;
    }
    expect(refusal(new Failure("no"))).toContain("an instance of Failure");
    registerClass({ name: "Failure", constructor: Failure });
    const failure = new Failure("why", { cause: 1 });
    const twin = copy(failure);
    expect(twin).toBeInstanceOf(Failure);
    expect(Object.prototype.toString.call(twin)).toBe("[object Error]");
    expect(twin).toMatchObject({ message: "why", code: 7, cause: 1, stack: failure.stack });
  });

  test("a name that is not known here", () => {
    class Gone {
      value = 1;
    }
    registerClass({ name: "Gone", constructor: Gone });
    const bytes = encodeValue(new Gone());
    const at = Buffer.from(bytes).indexOf("Gone");
    bytes[at] = "D".charCodeAt(0);
    expect(() => decodeValue(bytes)).toThrow(/GLOAM_BLOCK_CORRUPT.*'Done', which is not registered/);
  });

  test("toData may encode values itself", () => {
    class Wrapped {
      readonly value: unknown;
      constructor(value: unknown) {
        this.value = value;
      }
    }
    registerClass({
      name: "Wrapped",
      constructor: Wrapped,
      toData: (wrapped: Wrapped) => encodeValue(wrapped.value),
      fromData: (bytes: Uint8Array) => new Wrapped(decodeValue(bytes)),
    });
    expect(copy([new Wrapped({ a: 1 }), "after"])).toEqual([new Wrapped({ a: 1 }), "after"]);
  });
});

describe("malformed bytes", () => {
  const decodes = (bytes: Uint8Array) => {
    try {
      decodeValue(bytes);
    } catch (error) {
      if (!isGloamError(error) || error.code !== "GLOAM_BLOCK_CORRUPT") throw error;
    }
  };

  test("at random", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodes), { numRuns: 1000 });
  });

  test("cut off or with a bit flipped", () => {
    fc.assert(
      fc.property(anyValue, fc.nat(), fc.nat(), (value, cut, flip) => {
        const bytes = encodeValue(value);
        decodes(bytes.subarray(0, cut % bytes.length));
        bytes[flip % bytes.length]! ^= 1 << (flip % 8);
        decodes(bytes);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, string]>([
    ["the unused code", "91c1"],
    ["a Set of msgpackr's", "d473009101"],
    ["an Error of msgpackr's", "d46500 93a14101c0"],
    ["a RegExp of msgpackr's", "d4780092a161a0"],
    ["a typed array of msgpackr's", "c702740001"],
    ["a reference of msgpackr's", "d669 0000000191d67000000001"],
    ["bundled strings of msgpackr's", "d66200000001"],
    ["an escape without a kind", "91a11b"],
    ["an unknown escape", "92a11b64"],
    ["a key without its value", "93a11b07a16b"],
    ["properties with a number for a key", "94a11b050102"],
    ["an error without its properties", "93a11b0aa5457272 6f72"],
    ["a length that no array has", "93a11b04cbbff0000000000000"],
    ["a reference outside of a graph", "93a11b1000"],
    ["a reference to nothing", "93a11b0f93a11b1005"],
    ["a reference to itself", "94a11b0f93a11b100093a11b1000"],
    ["two values", "0101"],
    ["no value", ""],
  ])("%s", (_, hex) => {
    expect(() => decodeValue(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toThrow("GLOAM_BLOCK_CORRUPT");
  });

  test("a million open arrays", () => {
    expect(() => decodeValue(new Uint8Array(1_000_000).fill(0x91))).toThrow("GLOAM_BLOCK_CORRUPT");
    expect(copy([1])).toEqual([1]);
  });

  test("lengths that are not there allocate nothing", () => {
    for (const header of [
      "dd7fffffff",
      "df7fffffff",
      "db7fffffff",
      "c67fffffff",
      "c97fffffff05",
      "c90000000703ce7fffffff00",
    ])
      decodes(Buffer.from(header, "hex"));
  });
});
