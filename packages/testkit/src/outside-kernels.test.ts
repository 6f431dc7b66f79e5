import { oneToOneNode, type KernelDescription } from "@gloam/plan";
import { GloamContext, Operation, type Rdd } from "gloam";
import { expect, test } from "vitest";
import { masters } from "./masters.ts";

/** An operation as a library on top of Gloam writes it: a node whose kernel lies in the library's own package. */
function withKernel<T, U>(rdd: Rdd<T>, name: string, data?: unknown): Rdd<U> {
  const operation = new Operation(rdd.context, name);
  const kernel: KernelDescription = { package: "@gloam/testkit/outside-kernels", export: name, functions: [], data };
  return operation.rdd<U>(oneToOneNode(operation, rdd.node, kernel));
}

test.each(masters)("kernels of other packages run in the generated loop and on columns on %s", async (master) => {
  await using gc = new GloamContext({ master });
  const scaled = withKernel<number, number>(
    gc.range(10, { partitions: 2 }).map((x) => x + 1),
    "scaledColumns",
    0.5,
  );
  const numbered = withKernel<number, [number, number]>(scaled, "numberedRows");
  expect(await numbered.filter(([, x]) => x > 1).collect()).toEqual([
    [2, 1.5],
    [3, 2],
    [4, 2.5],
    [0, 3],
    [1, 3.5],
    [2, 4],
    [3, 4.5],
    [4, 5],
  ]);
});

test.each(masters)("rows of changing layout reach a column kernel as columns on %s", async (master) => {
  await using gc = new GloamContext({ master });
  const mixed = gc.parallelize([1, 2.5, -0, 2 ** 40], 1);
  expect(await withKernel<number, number>(mixed, "scaledColumns", 2).collect()).toEqual([2, 5, -0, 2 ** 41]);
});
