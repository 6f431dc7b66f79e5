/* oxlint-disable no-shadow, no-useless-concat, block-scoped-var, no-unused-vars -- what functions may contain is what is tested */
/* oxlint-disable typescript/unbound-method, typescript/no-base-to-string, typescript/only-throw-error -- likewise */
/* oxlint-disable typescript/no-unnecessary-template-expression -- likewise */
/**
 * What can be captured and what cannot. This file is the main program of its cases: vitest runs it as a test file, and
 * environments.test.ts runs it as a script under tsx, under Node.js's own type stripping, and as an esbuild bundle. It is one long
 * table because a main program is one file.
 */
import { createHash } from "node:crypto";
import { Socket } from "node:net";
import { basename } from "node:path";
import * as path from "node:path";
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import * as acorn from "acorn";
import fastCheck from "fast-check";
import { readFileSync } from "node:fs";
import byDefault, * as library from "../fixtures/library.ts";
import {
  exportedName,
  holder,
  multiplier,
  Point,
  Sealed,
  state,
  unexportedThrower,
  useSecret,
  words,
} from "../fixtures/library.ts";
import legacy from "../fixtures/legacy.cjs";
import { ExecutorFailure, ExecutorThread } from "../fixtures/executor-thread.ts";
import { captureFunction, onExecutor, transferSymbol } from "./index.ts";

type Fn = (...parameters: never[]) => unknown;

interface Case {
  readonly name: string;
  /** The functions, made when the case runs. */
  readonly make: () => Fn | readonly Fn[];
  readonly parameters: readonly unknown[];
  readonly rounds: number;
  readonly allowAsync: boolean;
  /** What calling them on an executor gives, each after the other. */
  readonly expected?: unknown;
  /** The code and the message of the refusal. */
  readonly refused?: { readonly code: string; readonly says: RegExp };
  /** Checks what calling them on an executor throws. */
  readonly thrown?: (failure: ExecutorFailure) => void;
}

const environment = process.env["CLOSURE_CASES"] ?? "vitest";
const isBundle = environment.endsWith("bundle");
/** A minified bundle has other names for variables. */
const anyName = (says: RegExp): RegExp =>
  environment === "minified bundle"
    ? new RegExp(
        says.source.replace(/'\w+'/g, "'\\w+'").replace("db\\.pool", "\\w+\\.pool").replace("const db", "const \\w+"),
      )
    : says;
const cases: Case[] = [];

function good(
  name: string,
  make: Case["make"],
  parameters: readonly unknown[],
  expected: unknown,
  more: Partial<Case> = {},
): void {
  cases.push({ name, make, parameters, expected, rounds: 1, allowAsync: false, ...more });
}

function bad(name: string, make: Case["make"], says: RegExp, code = "GLOAM_CLOSURE_NOT_SERIALIZABLE"): void {
  cases.push({ name, make, parameters: [], rounds: 1, allowAsync: false, refused: { code, says } });
}

declare const nowhereAtAll: unknown;
declare const fromDriver: { n: number };

// Declarations of the main program that the cases capture.
const k = 3;
let counter = 10;
const table = new Map<string, unknown>([
  ["a", 1],
  ["b", { deep: [1, 2] }],
]);
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
function isEven(n: number): boolean {
  return n === 0 || isOdd(n - 1);
}
function isOdd(n: number): boolean {
  return n !== 0 && isEven(n - 1);
}
const unit = Symbol.for("unit");
class Shape {
  static made = 5;
  static kinds = ["round"];
  static describe(): string {
    return `${this.made} ${this.kinds.join()}`;
  }
  name: string;
  constructor(name: string) {
    this.name = name;
  }
  get loud(): string {
    return `${this.name}!`;
  }
  area(): number {
    return 0;
  }
}
class Square extends Shape {
  side: number;
  constructor(side: number) {
    super("square");
    this.side = side;
  }
  override area(): number {
    return this.side ** 2 + super.area() * k;
  }
  grown(): Square {
    return new Square(this.side + 1);
  }
}
class Account {
  #balance = 1;
  get balance(): number {
    return this.#balance;
  }
}
class Tags extends Map<string, number> {
  total(): number {
    let sum = 0;
    for (const n of this.values()) sum += n;
    return sum;
  }
}
class CodedError extends Error {
  code: number;
  constructor(message: string, code: number) {
    super(message);
    this.name = "CodedError";
    this.code = code;
  }
}
function OldStyle(this: { x: number }, x: number): void {
  this.x = x;
}
(OldStyle.prototype as { double: (this: { x: number }) => number }).double = function () {
  return this.x * 2;
};
const oldStyle = new (OldStyle as unknown as new (x: number) => { x: number; double(): number })(4);
const cyclic: { name: string; self?: unknown; list: unknown[] } = { name: "loop", list: [] };
cyclic.self = cyclic;
cyclic.list.push(cyclic);

// Values.
good("nothing captured", () => (x: number) => x + 1, [1], 2);
good("a constant", () => (x: number) => x * k, [2], 6);
good(
  "a let, as it is now",
  () => {
    counter = 12;
    return () => counter;
  },
  [],
  12,
);
good(
  "a parameter of an outer function",
  () =>
    (
      (z: number) => (x: number) =>
        x + z
    )(5),
  [1],
  6,
);
good(
  "two levels of closures",
  () =>
    ((a: number) =>
      (
        (b: number) => (x: number) =>
          a * b * x
      )(3))(2),
  [5],
  30,
);
good(
  "numbers of a line",
  () => (line: string) => [line.split(",").map(Number), line.split(";").map((piece) => +piece), line.split(",")],
  ["1.5,-2,x"],
  [[1.5, -2, NaN], [NaN], ["1.5", "-2", "x"]],
);
good(
  "an array that is mapped",
  () => (row: number[]) => row.map((value, at) => value * k + at),
  [[1, 2, 3.5]],
  [3, 7, 12.5],
);
good(
  "an array that is mapped behind an optional chain",
  () => (row: { list?: number[] } | undefined) => row?.list?.map((value) => value * k) ?? "none",
  [undefined],
  "none",
);
good(
  "numbers of a line by a function that is called Number",
  () => {
    const Number = (text: string): string => `${text}!`;
    return (line: string) => line.split(",").map(Number);
  },
  ["1,2"],
  ["1!", "2!"],
);
good(
  "undefined, null, booleans",
  () => {
    const v = [undefined, null, true, false];
    return () => v;
  },
  [],
  [undefined, null, true, false],
);
good(
  "-0, NaN, infinities",
  () => {
    const v = [-0, NaN, Infinity, -Infinity, 2 ** 53, 0.1];
    return () => v;
  },
  [],
  [-0, NaN, Infinity, -Infinity, 2 ** 53, 0.1],
);
good(
  "bigint",
  () => {
    const v = [0n, -5n, 2n ** 80n];
    return () => v;
  },
  [],
  [0n, -5n, 2n ** 80n],
);
good(
  "strings of every kind",
  () => {
    const v = ["", "é😀", "\ud800", "a".repeat(300)];
    return () => v;
  },
  [],
  ["", "é😀", "\ud800", "a".repeat(300)],
);
good(
  "registered and well-known symbols",
  () => {
    const it = Symbol.iterator;
    return () => [unit === Symbol.for("unit"), it === Symbol.iterator];
  },
  [],
  [true, true],
);
good("Map with nested values", () => (key: string) => table.get(key), ["b"], { deep: [1, 2] });
good(
  "Set",
  () => {
    const seen = new Set([1, "two"]);
    return () => [...seen];
  },
  [],
  [1, "two"],
);
good(
  "Date",
  () => {
    const d = new Date(86_400_000);
    const bad_ = new Date(Number.NaN);
    return () => [d.toISOString(), Number.isNaN(bad_.getTime())];
  },
  [],
  ["1970-01-02T00:00:00.000Z", true],
);
good(
  "RegExp with lastIndex",
  () => {
    const r = /a+/gy;
    r.lastIndex = 2;
    return () => [r.source, r.flags, r.lastIndex];
  },
  [],
  ["a+", "gy", 2],
);
good(
  "typed arrays over one buffer",
  () => {
    const b = new ArrayBuffer(16);
    const bytes = new Uint8Array(b, 4, 4);
    const words_ = new Uint32Array(b);
    bytes[0] = 7;
    return () => {
      bytes[1] = 1;
      return [words_[1], bytes.length, bytes.byteOffset];
    };
  },
  [],
  [263, 4, 4],
);
good(
  "DataView, BigInt64Array",
  () => {
    const v = new DataView(new ArrayBuffer(8));
    v.setInt16(2, -3);
    const b = new BigInt64Array([5n]);
    return () => [v.getInt16(2), b[0]];
  },
  [],
  [-3, 5n],
);
good(
  "Buffer",
  () => {
    const b = Buffer.from("hello");
    return () => [Buffer.isBuffer(b), b.toString()];
  },
  [],
  [true, "hello"],
);
good(
  "Error with cause and code",
  () => {
    const e = Object.assign(new TypeError("no", { cause: new Error("why") }), { code: 7 });
    return () => [e instanceof TypeError, e.message, (e.cause as Error).message, e.code, typeof e.stack];
  },
  [],
  [true, "no", "why", 7, "string"],
);
good(
  "URL, URLSearchParams, text coders",
  () => {
    const u = new URL("http://a/b?c=1");
    const q = new URLSearchParams("d=2");
    const e = new TextEncoder();
    const d = new TextDecoder("latin1");
    return () => [u.searchParams.get("c"), q.get("d"), d.decode(e.encode("x")), d.encoding];
  },
  [],
  ["1", "2", "x", "windows-1252"],
);
good(
  "sparse array and array properties",
  () => {
    const a: unknown[] & { extra?: number } = [1];
    a[3] = 4;
    a.extra = 9;
    return () => [a.length, 1 in a, a[3], a.extra];
  },
  [],
  [4, false, 4, 9],
);
good(
  "undefined property, null prototype, symbol key",
  () => {
    const o = Object.assign(Object.create(null) as object, { u: undefined, [unit]: 1 });
    return () => ["u" in o, Object.getPrototypeOf(o) as unknown, (o as never)[Symbol.for("unit")] as unknown];
  },
  [],
  [true, null, 1],
);
good(
  "__proto__ as an own key",
  () => {
    const o = JSON.parse('{"__proto__": {"evil": 1}}') as { evil?: number };
    return () => [Object.keys(o), o.evil];
  },
  [],
  [["__proto__"], undefined],
);
good(
  "getter and setter of a plain object",
  () => {
    const o = {
      n: 2,
      get double() {
        return this.n * 2;
      },
      set double(v: number) {
        this.n = v / 2;
      },
    };
    return () => {
      o.double = 10;
      return [o.n, o.double];
    };
  },
  [],
  [5, 10],
);
good(
  "non-enumerable property",
  () => {
    const o = Object.defineProperty({ a: 1 }, "hidden", { value: 2 }) as { hidden?: number };
    return () => [Object.keys(o), o.hidden];
  },
  [],
  [["a"], 2],
);
good(
  "frozen object, thawed",
  () => {
    const o = Object.freeze({ a: 1 });
    return () => [o.a, Object.isFrozen(o)];
  },
  [],
  [1, false],
);
good("cycles", () => () => [cyclic.self === cyclic, cyclic.list[0] === cyclic], [], [true, true]);
good(
  "one object captured twice",
  () => {
    const o = { n: 1 };
    const pair = [o, o];
    return () => {
      o.n++;
      return [pair[0] === pair[1], pair[0]!.n];
    };
  },
  [],
  [true, 2],
);
good(
  "boxed primitive",
  () => {
    const b = Object("text") as object;
    return () => [typeof b, String(b)];
  },
  [],
  ["object", "text"],
);
good(
  "a deeply nested list",
  () => {
    let list: unknown = null;
    for (let i = 0; i < 5_000; i++) list = { next: list };
    return () => {
      let n = 0;
      for (let at = list as { next: unknown } | null; at; at = at.next as never) n++;
      return n;
    };
  },
  [],
  5_000,
);

// Forms of functions.
good("function declaration", () => isEven, [7], false);
good("recursion through a constant", () => factorial, [5], 120);
good(
  "recursion through a function's own name",
  () =>
    function sum(n: number): number {
      return n === 0 ? 0 : n + sum(n - 1);
    },
  [4],
  10,
);
good("mutual recursion", () => (n: number) => [isEven(n), isOdd(n)], [3], [false, true]);
good(
  "generator",
  () => {
    const g = function* (n: number) {
      for (let i = 0; i < n; i++) yield i * k;
    };
    return (n: number) => [...g(n)];
  },
  [3],
  [0, 3, 6],
);
good(
  "async function where allowed",
  () => async (x: number) => {
    await Promise.resolve();
    return x * k;
  },
  [2],
  6,
  { allowAsync: true },
);
good(
  "async generator",
  () => {
    const g = async function* () {
      yield k;
    };
    return async () => {
      for await (const v of g()) return v;
      return 0;
    };
  },
  [],
  3,
  { allowAsync: true },
);
good(
  "a method that does not use this",
  () =>
    ({
      scale(x: number) {
        return x * k;
      },
    }).scale,
  [2],
  6,
);
good(
  "an async method, a computed method, a generator method",
  () => {
    const key = "dynamic";
    const o = {
      async later() {
        await Promise.resolve();
        return 1;
      },
      [key + "Name"](x: number) {
        return x + k;
      },
      *two() {
        yield 1;
        yield 2;
      },
    };
    return async () => [await o.later(), o.dynamicName!(1), [...o.two()]];
  },
  [],
  [1, 4, [1, 2]],
  { allowAsync: true },
);
good(
  "a bound method",
  () => {
    const o = {
      factor: 4,
      scale(x: number) {
        return x * this.factor;
      },
    };
    return o.scale.bind(o);
  },
  [2],
  8,
);
good(
  "a bound function with arguments",
  () => ((a: number, b: number, c: number) => [a, b, c]).bind(null, 1, 2),
  [3],
  [1, 2, 3],
);
good(
  "this, arguments and new.target of its own",
  () =>
    function (this: unknown, ...rest: number[]) {
      return [this, arguments.length, new.target, rest.length];
    }.bind(undefined),
  [1, 2],
  [undefined, 2, undefined, 2],
);
good(
  "destructuring and defaults",
  () =>
    ({ a = k, ...rest }: { a?: number; b: number }, [c = a * 2]: number[] = []) => [a, rest.b, c],
  [{ b: 1 }],
  [3, 1, 6],
);
good(
  "shadowing",
  () => {
    const x = 1;
    return (y: number) => {
      const inner = () => {
        const x_ = x;
        {
          const x = 5;
          return x + x_ + y;
        }
      };
      return inner();
    };
  },
  [1],
  7,
);
good(
  "a var hoisted over an outer name",
  () => {
    const v = "outer";
    void v;
    return () => {
      for (const one of k > 100 ? [1] : []) {
        // oxlint-disable-next-line no-var -- hoisting is what is tested
        var v: number | undefined = one;
      }
      return typeof v!;
    };
  },
  [],
  "undefined",
);
good("typeof of an undeclared name", () => () => typeof nowhereAtAll, [], "undefined");
good(
  "template literals over lines",
  () => (x: string) => `a ${x}
  b ${`${k}`}`,
  ["v"],
  "a v\n  b 3",
);
good(
  "regular expressions and comments",
  () => (x: string) => /* a } comment */ x.replace(/[/"'`}]/g, "") + "//no",
  ["a/b"],
  "ab//no",
);
good(
  "try, catch, labels, switch, loops",
  () => (n: number) => {
    let s = 0;
    outer: for (const i of [1, 2, 3]) {
      for (let j = 0; ; j++) {
        if (j > i) continue outer;
        switch (j) {
          case 2: {
            const k = 100;
            s += k;
            break;
          }
          default:
            s += k;
        }
      }
    }
    try {
      throw n;
    } catch (e) {
      return s + (e as number);
    }
  },
  [1],
  222,
);
good(
  "an immediately used class",
  () => {
    class Local {
      v = k;
      twice() {
        return this.v * 2;
      }
    }
    return () => new Local().twice();
  },
  [],
  6,
);
good("returned closure of an imported function", () => multiplier(2), [10], 60);
good(
  "a function with properties",
  () => {
    const f = Object.assign((x: number) => x * f.factor, { factor: 6 });
    return f;
  },
  [2],
  12,
);
good(
  "functions inside data",
  () => {
    const api = { double: (x: number) => x * 2, list: [(x: number) => api.double(x) + k] };
    return (x: number) => api.list[0]!(x);
  },
  [4],
  11,
);
good(
  "a chain of 300 composed functions",
  () => {
    let f = (x: number): number => x;
    for (let i = 0; i < 300; i++) {
      const g = f;
      f = (x) => g(x) + 1;
    }
    return f;
  },
  [0],
  300,
);
good(
  "a method under another name",
  () => {
    const o = {
      "quoted name"(x: number) {
        return x + k;
      },
      5(x: number) {
        return x * k;
      },
    };
    Object.defineProperty(o["quoted name"], "name", { value: "renamed" });
    return (x: number) => [o["quoted name"](x), o[5](x), o["quoted name"].name];
  },
  [1],
  [4, 3, "renamed"],
);
good(
  "names survive",
  () => {
    const named = (x: number) => x;
    return () => [named.name, factorial.name, (() => 0).name];
  },
  [],
  ["named", "factorial", ""],
);
good(
  "user globals by value",
  () => {
    Object.assign(globalThis, { fromDriver: { n: 5 } });
    return () => fromDriver.n;
  },
  [],
  5,
);

// Classes.
good(
  "new of a captured class",
  () => (side: number) => {
    const s = new Square(side).grown();
    return [s.area(), s.name, s instanceof Shape];
  },
  [2],
  [9, "square", true],
);
good(
  "an instance, its class and superclass",
  () => {
    const s = new Square(3);
    return () => [s.area(), s.loud, s instanceof Square, s.grown().side];
  },
  [],
  [9, "square!", true, 4],
);
good(
  "statics as they are now",
  () => {
    Shape.made = 6;
    return () => Shape.describe();
  },
  [],
  "6 round",
);
good(
  "a static block runs only here",
  () => {
    const log: string[] = [];
    class Logged {
      static {
        log.push("ran");
      }
      static size = log.push("field");
    }
    return () => [log, Logged.size];
  },
  [],
  [["ran", "field"], 2],
);
good("a class with private members, made on the executor", () => () => new Account().balance, [], 1);
good(
  "a subclass of Map",
  () => {
    const t = new Tags([
      ["a", 1],
      ["b", 2],
    ]);
    return () => [t.total(), t instanceof Tags, t.size];
  },
  [],
  [3, true, 2],
);
good(
  "a subclass of Error",
  () => {
    const e = new CodedError("bad", 7);
    return () => [e instanceof CodedError, e instanceof Error, e.code, e.message, e.name];
  },
  [],
  [true, true, 7, "bad", "CodedError"],
);
good("an old-style constructor", () => () => [oldStyle.double(), oldStyle.x], [], [8, 4]);
good(
  "a method added to a prototype",
  () => {
    class Open {
      v = 2;
    }
    (Open.prototype as unknown as { triple: unknown }).triple = function (this: Open) {
      return this.v * 3;
    };
    const o = new Open() as Open & { triple(): number };
    return () => o.triple();
  },
  [],
  6,
);
good(
  "classes that need each other",
  () => {
    class Left {
      right(): unknown {
        return new Right();
      }
      v = 1;
    }
    class Right extends Left {
      left(): Left {
        return new Left();
      }
    }
    return () => {
      const r = new Left().right() as Right;
      return [r instanceof Left, r.left().v];
    };
  },
  [],
  [true, 1],
);
good(
  "Object.create of a plain object",
  () => {
    const base = {
      greet() {
        return `hi ${(this as unknown as { n: string }).n}`;
      },
    };
    const o = Object.assign(Object.create(base) as typeof base, { n: "x" });
    return () => o.greet();
  },
  [],
  "hi x",
);

// Modules.
good("an imported function", () => (text: string) => words(text), ["a b"], ["a", "b"]);
good("an imported function itself", () => words, ["a b"], ["a", "b"]);
good("an import under another name", () => (x: number) => exportedName(x), [1], "local 1");
good("a default import", () => (x: number) => byDefault(x), [1], 1001);
good("a namespace import", () => (x: number) => library.useSecret(x), [1], 41);
good("an imported function with module state", () => useSecret, [2], 42);
good(
  "imported data is the module's own",
  () => {
    state.value = "changed on the driver";
    return () => state.value;
  },
  [],
  isBundle ? "changed on the driver" : "fresh",
);
good("unexported functions of a module", () => holder.nameAndWords, ["/x/a b"], ["a", "b"]);
good("an imported class", () => (x: number) => new Point(x).twice(), [4], 8);
good(
  "an instance of an imported class",
  () => {
    const p = new Point(5);
    return () => [p.twice(), p instanceof Point];
  },
  [],
  [10, true],
);
good("an imported class with private members, made on the executor", () => () => new Sealed(3).x, [], 3);
good(
  "node: modules",
  () => (x: string) => [createHash("md5").update(x).digest("hex").length, path.join(x, "b")],
  ["a"],
  [32, path.join("a", "b")],
);
good("a function of node: as a value", () => path.basename, ["/a/b"], "b");
good("a package", () => () => [typeof acorn.parse, typeof fastCheck.assert], [], ["function", "function"]);
good("CommonJS", () => (x: number) => [legacy.addBase(x), new legacy.Legacy(x).double()], [1], [8, 2]);
good("a function of CommonJS as a value", () => legacy.addBase, [1], 8);
good(
  "native functions and namespaces",
  () => {
    const { max } = Math;
    const j = JSON;
    const has = Object.prototype.hasOwnProperty;
    return (x: number) => [max(x, 2), j.stringify([x]), has.call({ a: 1 }, "a")];
  },
  [1],
  [2, "[1]", true],
);
good("import.meta.url", () => () => new URL(import.meta.url).protocol, [], "file:");
good("import()", () => async () => (await import("node:os")).EOL.length > 0, [], true, { allowAsync: true });
good(
  "import() of a file beside",
  () => async () => (isBundle ? 42 : (await import("../fixtures/library.ts")).useSecret(2)),
  [],
  42,
  { allowAsync: true },
);

// Tasks and lists of functions.
good(
  "captured values are fresh for every task",
  () => {
    const seen: number[] = [];
    return (x: number) => seen.push(x);
  },
  [1],
  [1, 1],
  { rounds: 2 },
);
good(
  "a captured let is fresh for every task",
  () => {
    let n = 0;
    return () => ++n;
  },
  [],
  [1, 1],
  { rounds: 2 },
);
good(
  "two functions share an object",
  () => {
    const shared = { n: 0 };
    return [() => ++shared.n, () => ++shared.n];
  },
  [],
  [1, 2],
);
good(
  "two functions share an object inside others",
  () => {
    const shared = new Set<number>();
    const a = { shared };
    const b = [shared];
    return [() => a.shared.add(1).size, () => b[0]!.add(2).size];
  },
  [],
  [1, 2],
);
good(
  "two functions share a helper's state",
  () => {
    const log: string[] = [];
    const add = (text: string) => log.push(text);
    return [() => add("a"), () => add("b")];
  },
  [],
  [1, 2],
);
good(
  "a big typed array and a big text",
  () => {
    const big = new Float64Array(50_000).fill(2);
    const text = "x".repeat(200_000);
    return () => [big.length, big[49_999], text.length];
  },
  [],
  [50_000, 2, 200_000],
);
good(
  "a big table",
  () => {
    const big = new Map(Array.from({ length: 20_000 }, (_, i) => [`key ${i}`, i]));
    return (key: string) => big.get(key);
  },
  ["key 19999"],
  19_999,
);

// Transferred values.
good(
  "a transferable",
  () => {
    const box = { content: 5, revived: false, [transferSymbol]: () => ({ kind: "test.box", data: { content: 6 } }) };
    return () => [box.content, box.revived];
  },
  [],
  [6, true],
);
good(
  "onExecutor, made once",
  () => {
    const made = onExecutor(() => ({ id: Math.random(), times: k }));
    return () => made() === made() && made().times === 3;
  },
  [],
  [true, true],
  { rounds: 2 },
);
good(
  "onExecutor in two functions",
  () => {
    const made = onExecutor(() => ({ n: 0 }));
    return [() => ++made().n, () => ++made().n];
  },
  [],
  [1, 2],
);

// Refusals.
bad(
  "a socket inside an object",
  () => {
    const db = { pool: { socket: new Socket() } };
    return () => db.pool;
  },
  /^GLOAM_CLOSURE_NOT_SERIALIZABLE: cannot send '\(\) ?=> ?db\.pool' to executors \(\/etl\.ts:12:18, in map\)\n {2}it captures 'db' \((?:[^ ()]+\/)?cases\.test\.ts:\d+\), whose property 'pool\.socket' is a net\.Socket\n {2}open it on the executor instead: const db = onExecutor/,
);
bad(
  "a promise",
  () => {
    const p = Promise.resolve(1);
    return () => p;
  },
  /'p' .* is a Promise\n {2}await it/,
);
bad(
  "a proxy",
  () => {
    const p = new Proxy({}, {});
    return () => p;
  },
  /is a Proxy/,
);
bad(
  "a WeakMap",
  () => {
    const w = new WeakMap();
    return () => w;
  },
  /is a WeakMap/,
);
bad(
  "a WeakRef",
  () => {
    const w = new WeakRef({});
    return () => w;
  },
  /is a WeakRef/,
);
bad(
  "a private symbol",
  () => {
    const s = Symbol("mine");
    return () => s;
  },
  /is the symbol Symbol\(mine\)\n {2}use Symbol\.for/,
);
bad(
  "a symbol key",
  () => {
    const o = { [Symbol("mine")]: 1 };
    return () => o;
  },
  /key is the symbol/,
);
bad(
  "a SharedArrayBuffer",
  () => {
    const b = new Int32Array(new SharedArrayBuffer(8));
    return () => b;
  },
  /property 'buffer' is a SharedArrayBuffer/,
);
bad(
  "a running generator",
  () => {
    const g = (function* () {
      yield 1;
    })();
    return () => g;
  },
  /is a running generator/,
);
bad(
  "an iterator",
  () => {
    const i = new Map().entries();
    return () => i;
  },
  /is an iterator/,
);
bad(
  "an instance with private members",
  () => {
    const a = new Account();
    return () => a.balance;
  },
  /is an Account, whose private members cannot be copied/,
);
bad(
  "an instance of an imported class with private members",
  () => {
    const s = new Sealed(1);
    return () => s.x;
  },
  /private members/,
);
bad(
  "this of the method around it",
  () => {
    class Job {
      factor = 2;
      scale() {
        return (x: number) => x * this.factor;
      }
    }
    return new Job().scale();
  },
  /it uses 'this' of the function around it\n {2}copy what it needs into a constant first: const \{ factor \} = this/,
);
bad(
  "arguments of the function around it",
  () =>
    (function (..._: number[]) {
      return () => arguments.length;
    })(1, 2),
  /uses 'arguments'/,
);
bad(
  "super",
  () =>
    new (class extends Shape {
      override area() {
        return super.area();
      }
    })("x").area,
  /uses 'super'/,
);
bad(
  "a method that needs its object",
  () =>
    new (class {
      v = 1;
      get() {
        return this.v;
      }
    })().get,
  /uses 'this', which it does not have[^]*bind/,
);
bad(
  "a WeakMap in a helper of a helper",
  () => {
    const cache = new WeakMap<object, number>();
    const look = (o: object) => cache.get(o);
    const wrap = (o: object) => look(o);
    return (o: object) => wrap(o);
  },
  /captures 'wrap' .*, which captures 'look' .*, which captures 'cache' .*, which is a WeakMap/,
);
bad(
  "a socket in a Map",
  () => {
    const m = new Map([["a", [new Socket()]]]);
    return () => m;
  },
  /holds the entry for key "a", whose property '\[0\]' is a net\.Socket/,
);
bad(
  "what says that it does not travel",
  () => {
    const rdd = { [transferSymbol]: () => ({ refuse: "is an RDD", mend: "join the two instead" }) };
    return () => rdd;
  },
  /'rdd' .*, which is an RDD\n {2}join the two instead/,
);
// oxlint-disable-next-line no-console -- it is captured, not called
good("a method of the console, which Node.js binds", () => console.groupEnd, [], undefined);
bad("a class where a function is wanted", () => Square as never, /is a class/);
bad(
  "an async function",
  () => async () => 1,
  /' is async, and map does not wait for it[^]*mapAsync/,
  "GLOAM_ASYNC_FUNCTION",
);
bad("something that is no function", () => 5 as never, /map needs a function, not number/, "GLOAM_ARGUMENT_INVALID");

// What a stack says: the line of the user's file, in the name of the function that threw.
const sourceUrl = process.env["CLOSURE_SOURCE"] ?? import.meta.url;
function throwsAt(name: string, make: Case["make"], functionName: string, file: string, text: string): void {
  const thrown = (failure: ExecutorFailure): void => {
    const source = readFileSync(new URL(file, sourceUrl), "utf8");
    const line = source.slice(0, source.indexOf(text)).split("\n").length;
    const frame = failure.remoteStack.split("\n").find((each) => each.trim().startsWith("at ")) ?? "";
    ok(frame.includes(functionName), frame);
    match(frame, new RegExp(`${basename(file)}:${line}:\\d+\\)?$`));
  };
  cases.push({ name, make, parameters: [1], rounds: 1, allowAsync: false, thrown });
}
const thrower = (x: number): number => {
  interface Local {
    readonly y: number;
  }
  const local: Local = {
    y: x + k,
  };
  if (local.y > 0) throw new Error("here " + `${"first"}`);
  return x;
};
throwsAt("a stack names the user's line", () => thrower, "thrower", "cases.test.ts", '"here " + `${"first"}`');
throwsAt(
  "a stack names the line of a function between others",
  () =>
    [1].map(() => (x: number) => {
      const text = `
      lines`;
      return text.length > x
        ? (() => {
            throw new Error("deep");
          })()
        : 0;
    })[0]!,
  "",
  "cases.test.ts",
  'throw new Error("deep")',
);
const looper = (x: number): number => {
  const lists: (number[] | undefined)[] = [[1], [], [2], [3], [], undefined];
  let sum = 0;
  for (let at = 0; at < lists.length; at++) {
    const first = at * x;
    const size = lists[at]!.length;
    sum += first + size;
  }
  return sum;
};
throwsAt("a stack names the line in a loop", () => looper, "looper", "cases.test.ts", "lists[at]!.length;");
class Thrower {
  readonly limit = 1;
  check(x: number): void {
    // A comment that tools drop.

    if (x >= this.limit) throw new RangeError("in a method");
  }
}
const throwing = new Thrower();
throwsAt(
  "a stack names the line of a method",
  () => (x: number) => throwing.check(x),
  "Thrower.check",
  "cases.test.ts",
  'throw new RangeError("in a method")',
);
throwsAt(
  "a stack names the line in another module",
  () => unexportedThrower.thrower,
  "thrower",
  "../fixtures/library.ts",
  'Error("from the library")',
);

async function run(one: Case, thread: ExecutorThread): Promise<void> {
  const options = { operation: "map", callSite: { file: "/etl.ts", line: 12, column: 18 }, allowAsync: one.allowAsync };
  const capture = () => [one.make()].flat().map((fn) => captureFunction(fn, options));
  if (one.refused !== undefined) {
    const { code, says } = one.refused;
    try {
      capture();
    } catch (error) {
      strictEqual((error as { code?: unknown }).code, code, String(error));
      match(String((error as Error).stack), anyName(says));
      return;
    }
    throw new Error("it was not refused");
  }
  // Twice, so that what the first capture left behind is used.
  capture();
  const captured = capture();
  ok(captured.every((each) => typeof each.label === "string" && /^[0-9a-f]{32}$/.test(each.codeHash)));
  const answer = thread.call(captured, one.parameters, one.rounds);
  if (one.thrown === undefined) return deepStrictEqual(await answer, one.expected);
  try {
    await answer;
  } catch (error) {
    if (error instanceof ExecutorFailure) return one.thrown(error);
    throw error;
  }
  throw new Error("it did not throw");
}

if (environment === "vitest") {
  const { afterAll, test } = await import("vitest");
  const thread = new ExecutorThread(new URL("../fixtures/executor.mjs", import.meta.url));
  afterAll(() => thread.end());
  for (const one of cases) test(one.name, () => run(one, thread));
} else {
  const thread = new ExecutorThread(new URL(process.env["CLOSURE_EXECUTOR"] ?? ""));
  let failed = 0;
  for (const one of cases) {
    try {
      await run(one, thread);
    } catch (error) {
      failed++;
      process.stdout.write(`FAILED ${one.name}: ${error instanceof Error ? (error.stack ?? "") : String(error)}\n`);
    }
  }
  await thread.end();
  process.stdout.write(`${JSON.stringify({ cases: cases.length, failed })}\n`);
}
