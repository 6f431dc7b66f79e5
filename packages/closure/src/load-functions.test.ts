import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { words } from "../fixtures/library.ts";
import { captureFunction, type AnyFunction } from "./capture-function.ts";
import type { CapturedFunction } from "./captured-function.ts";
import { loadFunctions } from "./load-functions.ts";
import { needsTypeScript } from "./needs-typescript.ts";
import { disposeExecutorValues, onExecutor } from "./on-executor.ts";
import { pureFunction } from "./pure-function.ts";
import { registerReviver, transferSymbol } from "./transfer.ts";

const capture = (fn: AnyFunction): CapturedFunction => captureFunction(fn, { operation: "map" });

describe("code hashes", () => {
  const adder = (k: number) => (x: number) => x + k;
  const applier = (f: (x: number) => number) => (x: number) => f(x);

  test("are equal for equal code whatever the values", () => {
    expect(capture(adder(1)).codeHash).toBe(capture(adder(2)).codeHash);
  });

  test("differ for other code, and for other captured functions", () => {
    expect(capture(adder(1)).codeHash).not.toBe(capture(applier(adder(1))).codeHash);
    const double = (x: number) => x * 2;
    expect(capture(applier(double)).codeHash).not.toBe(capture(applier((x) => x * 3)).codeHash);
  });

  test("differ for the same text at another place", () => {
    const here = (x: number) => x + 1;
    const there = [(x: number) => x + 1][0] as AnyFunction;
    const at = (line: number) => ({ operation: "map", callSite: { file: "/a.ts", line, column: 1 } });
    expect(captureFunction(here, at(1)).codeHash).not.toBe(captureFunction(there, at(2)).codeHash);
  });
});

describe("instantiating", () => {
  test("gives the same functions where nothing can change", async () => {
    const k = 3;
    const factory = await loadFunctions([capture((x: number) => x * k)]);
    expect(factory.instantiate()[0]).toBe(factory.instantiate()[0]);
  });

  test("gives other functions where something can", async () => {
    let n = 0;
    const factory = await loadFunctions([capture(() => ++n)]);
    expect(factory.instantiate()[0]).not.toBe(factory.instantiate()[0]);
  });

  test("makes one object of two functions' only where their snapshots are equal", async () => {
    const shared = { n: 1 };
    const holder = { shared };
    const first = capture(() => shared);
    const second = capture(() => holder);
    shared.n = 2;
    const third = capture(() => holder);
    const [a, b, c] = (await loadFunctions([first, second, third])).instantiate();
    expect(a?.()).toEqual({ n: 1 });
    expect(b?.()).toEqual({ shared: { n: 1 } });
    expect(c?.()).toEqual({ shared: { n: 2 } });
    const [d, e] = (await loadFunctions([first, second])).instantiate();
    expect(e?.()).toHaveProperty("shared", d?.());
    expect(Object.values(e?.() as object)[0]).toBe(d?.());
  });

  test("makes one function of one that two others captured", async () => {
    const helper = (x: number) => x + 1;
    const [a, b] = (await loadFunctions([capture(() => helper), capture(() => [helper])])).instantiate();
    expect(Object.values(b?.() as object)[0]).toBe(a?.());
  });
});

describe("blobs", () => {
  const big = new Uint8Array(200_000).fill(7);
  const captured = capture(() => [big.length, big[199_999]]);

  test("are split out, and the same for the same content", () => {
    expect(captured.bytes.length).toBeLessThan(1000);
    expect(captured.blobs).toHaveLength(1);
    const k = 5;
    const other = capture((x: number) => big.length + x + k);
    expect(other.blobs?.[0]?.hash).toBe(captured.blobs?.[0]?.hash);
  });

  test("may come from a resolver", async () => {
    const { blobs, ...stripped } = structuredClone(captured);
    const resolveBlob = (hash: string) => blobs?.find((blob) => blob.hash === hash)?.bytes;
    const [fn] = (await loadFunctions([stripped], { resolveBlob })).instantiate();
    expect(fn?.()).toEqual([200_000, 7]);
  });

  test("that are missing are a coded error", async () => {
    const { blobs: _blobs, ...stripped } = structuredClone(captured);
    await expect(loadFunctions([stripped])).rejects.toThrow(/GLOAM_INTERNAL.*blob [0-9a-f]{64} is missing/);
  });
});

describe("modules", () => {
  test("that cannot be imported are a coded error", async () => {
    const captured = capture((text: string) => words(text));
    expect(captured.modules).toEqual([new URL("../fixtures/library.ts", import.meta.url).href]);
    expect(needsTypeScript(captured.modules)).toBe(true);
    const importModule = () => Promise.reject(new Error("no such file"));
    await expect(loadFunctions([captured], { importModule })).rejects.toMatchObject({
      code: "GLOAM_MODULE_NOT_LOADED",
      message: expect.stringMatching(/cannot import file:.*library\.ts: no such file/) as string,
    });
  });

  test("are given to the caller's importer, and lacking exports are a coded error", async () => {
    const captured = capture((path: string) => basename(path));
    expect(needsTypeScript(captured.modules)).toBe(false);
    const asked: string[] = [];
    const importModule = (specifier: string) => {
      asked.push(specifier);
      return Promise.resolve({ basename: () => "mine" });
    };
    const [fn] = (await loadFunctions([captured], { importModule })).instantiate();
    expect([asked, fn?.("/a/b")]).toEqual([["node:path"], "mine"]);
    const direct = capture(basename);
    const lacking = loadFunctions([direct], { importModule: () => Promise.resolve({}) });
    await expect(lacking).rejects.toThrow(/GLOAM_MODULE_NOT_LOADED.*no export/);
  });
});

describe("pure functions", () => {
  test("are the same bytes every time and run without their surroundings", async () => {
    const captured = pureFunction((a: number, b: number) => Math.max(a, b));
    expect(pureFunction((a: number, b: number) => Math.max(a, b))).toEqual(captured);
    const [fn] = (await loadFunctions([structuredClone(captured)])).instantiate();
    expect(fn?.(1, 2)).toBe(2);
  });

  test("are checked in tests", () => {
    const k = 1;
    expect(() => pureFunction((x: number) => x + k)).toThrow(/GLOAM_INTERNAL.*not a pure function: k/);
  });
});

describe("transfer", () => {
  test("revives anew for every task", async () => {
    registerReviver("test.counter", (data: { n: number }) => ({ next: () => ++data.n }));
    const counter = { next: () => 0, [transferSymbol]: () => ({ kind: "test.counter", data: { n: 5 } }) };
    const factory = await loadFunctions([capture(() => counter.next())]);
    expect([factory.instantiate()[0]?.(), factory.instantiate()[0]?.()]).toEqual([6, 6]);
  });

  test("without a reviver is a coded error", async () => {
    const odd = { [transferSymbol]: () => ({ kind: "test.nobody", data: undefined }) };
    const factory = loadFunctions([capture(() => odd)]);
    await expect(factory.then((made) => made.instantiate())).rejects.toThrow(/GLOAM_INTERNAL.*'test.nobody'/);
  });
});

describe("executor values", () => {
  test("are made once, disposed newest first, and made again after that", async () => {
    const log: string[] = [];
    Object.assign(globalThis, { executorLog: log });
    const first = onExecutor(
      () => executorLog.push("first"),
      () => executorLog.push("dispose first"),
    );
    const second = onExecutor(() => {
      executorLog.push("second");
      return { [Symbol.dispose]: () => void executorLog.push("dispose second") };
    });
    // The functions are captured and rebuilt, but here in the same thread: the log is that of a global.
    delete (globalThis as { executorLog?: unknown }).executorLog;
    const factory = await loadFunctions([capture(() => [first(), second()].length)]);
    Object.assign(globalThis, { executorLog: log });
    factory.instantiate()[0]?.();
    factory.instantiate()[0]?.();
    expect(log).toEqual(["first", "second"]);
    expect(await disposeExecutorValues()).toEqual([]);
    expect(log).toEqual(["first", "second", "dispose second", "dispose first"]);
    expect(await disposeExecutorValues()).toEqual([]);
  });

  test("whose making fails are made at the next use, and errors of disposing are handed back", async () => {
    let attempts = 0;
    const flaky = onExecutor(
      () => {
        if (++attempts === 1) throw new Error("not yet");
        return attempts;
      },
      () => {
        throw new Error("stuck");
      },
    );
    const [fn] = (await loadFunctions([capture(() => flaky())])).instantiate();
    expect(() => fn?.()).toThrow("not yet");
    expect(fn?.()).toBe(2);
    expect(await disposeExecutorValues()).toMatchObject([{ message: "stuck" }]);
  });
});

declare const executorLog: string[];
