import { stat } from "node:fs/promises";
import { join } from "node:path";
import { partitionsOf, type Operation } from "./operation.ts";
import { rowOf, textOf } from "./row-texts.ts";
import { compare, grouped, sumOf, type Row } from "./rows.ts";

const textFile: Operation = (random, { rows, order }) => {
  const gzip = random.nextInt(3) === 0;
  const minPartitions = partitionsOf(random);
  return {
    description: `saveAsTextFile(lines, { gzip: ${gzip} }), textFile({ minPartitions: ${minPartitions} })`,
    rows,
    order,
    async build(rdd, _, { gc, newPath }) {
      const path = newPath();
      await rdd.map(textOf).saveAsTextFile(path, { gzip });
      return gc.textFile(path, { minPartitions }).map(rowOf);
    },
  };
};

const partialTextFile: Operation = (random, { rows }) => {
  const cut = random.next();
  return {
    description: `repartition(1).saveAsTextFile(lines), two of partialTextFile, cut at ${cut}`,
    rows,
    async build(rdd, _, { gc, newPath }) {
      const path = newPath();
      await rdd.map(textOf).repartition(1).saveAsTextFile(path);
      const file = join(path, "part-00000");
      const { size } = await stat(file);
      const middle = Math.floor(size * cut);
      const options = { minPartitions: 1 };
      const parts = [gc.partialTextFile(file, 0, middle, options), gc.partialTextFile(file, middle, size, options)];
      return gc.union(parts).map(rowOf);
    },
  };
};

const wholeTextFiles: Operation = (random, { rows, order }) => {
  const minPartitions = partitionsOf(random);
  return {
    description: `saveAsTextFile(lines), wholeTextFiles({ minPartitions: ${minPartitions} })`,
    rows,
    order,
    async build(rdd, _, { gc, newPath }) {
      const path = newPath();
      await rdd.map(textOf).saveAsTextFile(path);
      const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");
      return gc.wholeTextFiles(path, { minPartitions }).flatMap(([, text]) => linesOf(text).map(rowOf));
    },
  };
};

const binaryFiles: Operation = (random, { rows, order }) => {
  const minPartitions = partitionsOf(random);
  return {
    description: `saveAsTextFile(lines), binaryFiles({ minPartitions: ${minPartitions} })`,
    rows,
    order,
    async build(rdd, _, { gc, newPath }) {
      const path = newPath();
      await rdd.map(textOf).saveAsTextFile(path);
      return gc.binaryFiles(path, { minPartitions }).flatMap(([, bytes]) => {
        const lines = Buffer.from(bytes).toString().split("\n");
        return lines.filter((line) => line !== "").map(rowOf);
      });
    },
  };
};

/** Bytes of a record: a number's digits are fewer. */
const recordLength = 32;

const binaryRecords: Operation = (random, { rows }) => {
  const minPartitions = partitionsOf(random);
  const rowOfNumber = (value: number): Row => [Math.abs(Math.floor(value)) % 9, value];
  return {
    description: `saveAsTextFile(values of equal length), binaryRecords({ minPartitions: ${minPartitions} })`,
    rows: rows.map(([, value]) => rowOfNumber(value)),
    keys: "integer",
    async build(rdd, _, { gc, newPath }) {
      const path = newPath();
      const length = recordLength;
      const lines = rdd.values().map((value) => String(value).padEnd(length - 1));
      await lines.saveAsTextFile(path);
      const records = gc.binaryRecords(path, length, { minPartitions });
      return records.map((record) => rowOfNumber(Number(Buffer.from(record).toString())));
    },
  };
};

const objectFile: Operation = (random, { rows, order }) => {
  const gzip = random.nextInt(3) === 0;
  return {
    description: `saveAsObjectFile({ gzip: ${gzip} }), objectFile()`,
    rows,
    order,
    async build(rdd, _, { gc, newPath }) {
      const path = newPath();
      await rdd.saveAsObjectFile(path, { gzip });
      return gc.objectFile<Row>(path, { minPartitions: 1 });
    },
  };
};

const textFileByKey: Operation = (random, { rows }) => {
  const modulus = 1 + random.nextInt(6);
  const nameOf = (value: number): string => `a/b.${Math.abs(Math.floor(value)) % modulus}`;
  return {
    description: `saveAsTextFileByKey(${modulus} keys), wholeTextFiles()`,
    rows: rows.map(([, value]) => [nameOf(value), value]),
    keys: "string",
    async build(rdd, _, { gc, newPath }) {
      // Without rows no directory of a key is there that could be read.
      const path = newPath();
      const named = rdd.map(([, value]): Row => [nameOf(value), value]);
      await named.saveAsTextFileByKey(path);
      if (await named.isEmpty()) return named;
      return gc.wholeTextFiles(`${path}/*/part-*`, { minPartitions: 2 }).flatMap(([file, text]) => {
        const key = decodeURIComponent(file.split("/").at(-2) ?? "");
        const values = text.split("\n").filter((line) => line !== "");
        return values.map((value): Row => [key, Number(value)]);
      });
    },
  };
};

const mapReduceOfFiles: Operation = (random, { rows, keys }) => {
  if (keys === "mixed") return undefined;
  const reducers = partitionsOf(random);
  return {
    description: `saveAsTextFile(lines), mapReduce(sum, { reducers: ${reducers} }) from files to files, textFile().coalesce(1)`,
    rows: grouped(rows)
      .map(([key, values]): Row => [key, sumOf(values)])
      .toSorted(([a], [b]) => compare(a, b)),
    order: "key",
    async build(rdd, _, { gc, newPath }) {
      const [input, output] = [newPath(), newPath()];
      await rdd.map(textOf).saveAsTextFile(input);
      await gc.mapReduce({
        input,
        mapper: (line) => [rowOf(line)],
        reducer: (key, values) => [textOf([key, [...values].reduce((a, b) => a + b, 0)])],
        reducers,
        output,
      });
      // How many partitions the input has, and so where results lie, depends on the number of workers.
      return gc.textFile(output, { minPartitions: reducers }).coalesce(1).map(rowOf);
    },
  };
};

/** Operations that write files and read them. */
export const fileOperations: readonly Operation[] = [
  textFile,
  partialTextFile,
  wholeTextFiles,
  binaryFiles,
  binaryRecords,
  objectFile,
  textFileByKey,
  mapReduceOfFiles,
];
