import { files, type Rdd } from "gloam";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Place } from "../pipelines/place.ts";
import { unary } from "./calls.ts";
import type { Step } from "./pipeline.ts";
import type { Value } from "./shapes.ts";

type Pair = readonly [Value, Value];
type Elements = Rdd<Value>;

/** Makes a step's RDD of those that it is applied to. */
export type Run = (step: Step, inputs: readonly Elements[], place: Place) => Elements | Promise<Elements>;

const pairs = (rdd: Elements | undefined): Rdd<Pair> => rdd as unknown as Rdd<Pair>;
const elements = (rdd: Rdd<unknown>): Elements => rdd as Elements;
const modulo = (value: number, by: number): number => ((value % by) + by) % by;
const fresh = (rdd: Elements | undefined): Elements => rdd!.filter(() => true);
const seed = 7;
const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** Saves each element as its text. */
async function saved(rdd: Elements, { newPath }: Place): Promise<string> {
  const path = newPath();
  await rdd.saveAsTextFile(path);
  return path;
}

/** Operations of `set-operations.ts` and `placing-operations.ts`, and sources. */
export const gloamOperations: Readonly<Record<string, Run>> = {
  range: ({ rows, partitions }, _, { gc }) => {
    const [start, end, step] = rows as readonly number[];
    return elements(gc.range(start!, end!, { step, partitions }));
  },
  emptyRdd: ({ partitions }, _, { gc }) => gc.emptyRdd<Value>().repartition(partitions!),
  subtract: ({ partitions }, [rdd, other]) => rdd!.subtract(other!, partitions),
  intersection: (_, [rdd, other]) => rdd!.intersection(other!),
  subtractByKey: ({ partitions }, [rdd, other]) => elements(pairs(rdd).subtractByKey(pairs(other), partitions)),
  cartesian: (_, [rdd, other]) => elements(rdd!.cartesian(other!)),
  groupWith: ({ finish }, [rdd, other]) => elements(pairs(rdd).groupWith(pairs(other)).mapValues(unary(finish!))),
  unionOfSeveral: (_, [rdd, other], { gc }) => gc.union([rdd!, other!, rdd!]),
  zip: ({ call }, [rdd]) => elements(rdd!.zip(rdd!.map(unary(call!)))),
  zipWithUniqueId: (_, [rdd]) => elements(rdd!.zipWithUniqueId()),
  persist: ({ level }, [rdd]) => fresh(rdd).persist(level as "MEMORY_ONLY"),
  cache: (_, [rdd]) => fresh(rdd).cache(),
  unpersist: async ({ level }, [rdd]) => {
    const kept = fresh(rdd).persist(level as "MEMORY_ONLY");
    await kept.count();
    return kept.unpersist();
  },
  checkpoint: (_, [rdd]) => fresh(rdd).checkpoint(),
  localCheckpoint: (_, [rdd]) => fresh(rdd).localCheckpoint(),
  pipe: (_, [rdd]) => rdd!.pipe("cat"),
  sample: ({ partitions }, [rdd]) => rdd!.union(rdd!.sample(false, 0.4, seed)).distinct(partitions),
  sampleByKey: (_, [rdd]) => {
    const even = pairs(rdd).map(([key, value]): readonly [number, Value] => [modulo(key as number, 2), value]);
    return elements(even.sampleByKey(false, new Map([[0, 1], [1, 0]]), seed)); // prettier-ignore
  },
  randomSplit: (_, [rdd]) => {
    const [small, large] = rdd!.randomSplit([1, 2], seed);
    return large.union(small);
  },
  repartitionAndSortWithinPartitions: ({ partitions, ascending }, [rdd]) => {
    const count = partitions!;
    const placed = { partitions: count, partition: (key: Value) => modulo(key as number, count) };
    return elements(pairs(rdd).repartitionAndSortWithinPartitions(placed, { ascending }).keys().glom());
  },
  barrier: ({ partitions }, [rdd]) =>
    rdd!
      .repartition(1)
      .barrier()
      .mapPartitions((all) => all)
      .repartition(partitions!),
  broadcast: ({ rows }, [rdd], { gc }) => {
    const table = gc.broadcast(rows as readonly number[]);
    return rdd!.map((value) => modulo((value as number) + table.value[modulo(value as number, 4)]!, 1009));
  },
  addFile: async ({ rows }, [rdd], { gc, newPath }) => {
    const path = newPath();
    await writeFile(path, String(rows![0]));
    await gc.addFile(path);
    const name = basename(path);
    return rdd!.map((value) => modulo((value as number) + Number(readFileSync(files.get(name), "utf8")), 1009));
  },
  objectFile: async (_, [rdd], { gc, newPath }) => {
    const path = newPath();
    await rdd!.saveAsObjectFile(path);
    return gc.objectFile<Value>(path);
  },
  textFile: async (_, [rdd], place) => place.gc.textFile(await saved(rdd!, place)),
  wholeTextFiles: async (_, [rdd], place) =>
    place.gc.wholeTextFiles(await saved(rdd!, place)).flatMap(([, text]) => linesOf(text)),
  binaryFiles: async (_, [rdd], place) =>
    place.gc.binaryFiles(await saved(rdd!, place)).flatMap(([, bytes]) => linesOf(Buffer.from(bytes).toString())),
  binaryRecords: async (_, [rdd], place) => {
    const path = await saved(rdd!.map((value) => String(value as number).padEnd(9)), place); // prettier-ignore
    return place.gc.binaryRecords(path, 10).map((record) => Number(Buffer.from(record).toString()));
  },
};
