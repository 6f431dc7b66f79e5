import { files, onExecutor } from "gloam";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Operation } from "./operation.ts";
import type { Row } from "./rows.ts";

const broadcast: Operation = (random, { rows, order }) => {
  const table = Array.from({ length: 8 }, () => random.nextInt(64));
  const place = (value: number): number => Math.abs(Math.floor(value)) % 8;
  return {
    description: `mapValues(adds the value's of broadcast([${table.join()}]))`,
    rows: rows.map(([key, value]) => [key, (value + table[place(value)]!) % 1024]),
    order: order === "key" ? "key" : undefined,
    build(rdd, _, { gc }) {
      const shared = gc.broadcast(table);
      return rdd.mapValues((value) => (value + shared.value[place(value)]!) % 1024);
    },
  };
};

const addFile: Operation = (random, { rows, order }) => {
  const summand = random.nextInt(64);
  return {
    description: `mapValues(adds ${summand}, which stands in an added file)`,
    rows: rows.map(([key, value]) => [key, (value + summand) % 1024]),
    order: order === "key" ? "key" : undefined,
    async build(rdd, _, { gc, newPath }) {
      const path = newPath();
      await writeFile(path, String(summand));
      const name = await gc.addFile(path);
      if (name !== basename(path)) throw new Error(`${path} was added as ${name}`);
      return rdd.mapPartitions((elements) => {
        const read = Number(readFileSync(files.get(name), "utf8"));
        return [...elements].map(([key, value]): Row => [key, (value + read) % 1024]);
      });
    },
  };
};

const madeOnExecutors: Operation = (random, { rows, order }) => {
  const factor = 1 + random.nextInt(8);
  return {
    description: `mapValues(times ${factor}, made by onExecutor)`,
    rows: rows.map(([key, value]) => [key, (value * factor) % 1024]),
    order: order === "key" ? "key" : undefined,
    build(rdd) {
      const made = onExecutor(() => ({ times: (value: number): number => (value * factor) % 1024 }));
      return rdd.mapValues((value) => made().times(value));
    },
  };
};

const accumulating: Operation = (_, { rows, order }) => ({
  description: "map(the row, counted in an accumulator)",
  rows,
  order,
  build(rdd, _second, { gc }) {
    const seen = gc.longAccumulator("seen");
    return rdd.map((row) => {
      seen.add(1);
      return row;
    });
  },
});

/** Operations whose functions use what all tasks share. */
export const sharedOperations: readonly Operation[] = [broadcast, addFile, madeOnExecutors, accumulating];
