import { createBatchBuilder } from "@gloam/arrow";
import { expect, it } from "vitest";
import { layoutKey } from "./batch-source.ts";
import { CodeCache } from "./code-cache.ts";
import { compileLoop, type CompiledLoop } from "./loop-compiler.ts";
import type { LoopProgress } from "./loop-progress.ts";
import { LoopWriter } from "./loop-writer.ts";

function progress(): LoopProgress {
  return { next: 0, count: 0, stopped: false, ticks: 0, operation: 0, check: () => undefined };
}

function compile(cache: CodeCache, layout: string, factor: number, functions = ""): CompiledLoop {
  const writer = new LoopWriter("v0");
  writer.write(0, [], (code) => code.output(`${code.value}.length * ${code.constant(factor)}`));
  return compileLoop(writer.finish(true), layout, functions, cache, progress(), true);
}

it("is the same function for every task, so that what V8 compiled stays", () => {
  const builder = createBatchBuilder();
  for (const length of [0, 3, 20]) builder.append(Array<number>(length).fill(0.5));
  const columns = builder.finish();
  const batch = { length: columns.length, columns };
  const cache = new CodeCache();
  const [first, second] = [compile(cache, layoutKey(batch), 10), compile(cache, layoutKey(batch), 100)];
  expect(second.code).toBe(first.code);
  expect(compile(cache, layoutKey(batch), 10, "others").code.run).not.toBe(first.code.run);
  const out: unknown[] = [];
  first.code.run(batch, 0, 3, out, first.bound);
  expect(out).toEqual([0, 30, 200]);
  second.code.run(batch, 0, 3, out, second.bound);
  expect(out).toEqual([0, 300, 2000]);
});
