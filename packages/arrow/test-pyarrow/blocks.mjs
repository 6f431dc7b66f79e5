import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBatchBuilder, encodeBatches } from "@gloam/arrow";

/** Rows by name; check.py knows what each has to be. */
const cases = {
  int32: [1, -2, 2147483647],
  float64: [1.5, -0, Infinity, 1e300],
  int64: [1n, -(2n ** 63n), 2n ** 63n - 1n],
  boolean: Array.from({ length: 19 }, (_, i) => i % 3 === 0),
  ascii: ["a", "", "word"],
  utf8: ["ä", "日本語", "🙂", "plain"],
  timestamp: [new Date(0), new Date(-1), new Date("2024-02-29T12:34:56.789Z")],
  binary: [new Uint8Array([0, 255]), new Uint8Array()],
  nulls: [null, null, null],
  nullable: Array.from({ length: 20 }, (_, i) => (i % 4 === 1 ? null : i)),
  nullable_text: ["a", null, "c"],
  undefinable: [1, undefined, null, 4],
  pairs: [
    ["a", 1],
    ["b", 2.5],
  ],
  nested: [
    [1, ["x", true]],
    [2, ["y", false]],
  ],
  lists: [[1, 2, 3], [], [4]],
  lists_of_pairs: [
    [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ],
    [],
  ],
  nullable_lists: [["a"], null, ["b", null, "c"]],
  objects: [
    { name: "x", n: 1, tags: ["p", "q", "r"], inner: { deep: true } },
    { name: "y", n: null, tags: [], inner: { deep: false } },
  ],
  any: [1, "text", [1, null, { a: true }], -7.5, null],
  empty: [],
  many: Array.from({ length: 100_000 }, (_, i) => [`key ${i}`, i]),
};

function batchesOf(rows) {
  const builder = createBatchBuilder();
  const batches = [];
  for (const row of rows) {
    if (builder.append(row)) continue;
    batches.push(builder.finish());
    if (!builder.append(row)) throw new Error("a builder refused a row twice");
  }
  batches.push(builder.finish());
  return batches;
}

/** Writes a block for each case, and one of several streams. */
export function writeBlocks(folder) {
  for (const [name, rows] of Object.entries(cases))
    writeFileSync(join(folder, `${name}.arrow`), encodeBatches(batchesOf(rows)));
  const several = [...batchesOf([1, 2]), ...batchesOf([3]), ...batchesOf(["a"])];
  writeFileSync(join(folder, "several.arrow"), encodeBatches(several));
}
