import type { Random } from "@gloam/common";
import { partitionsOf, type KeyKind, type Source } from "./operation.ts";
import type { Key, Row } from "./rows.ts";

const strings = ["", "a", "b", "ab", "ä", "😀", "a\u0000", "a much longer key that no string cache holds", "\ud800"];
const floats = [-0, 0.5, -2.25, 1e300, -1e300, 5e-324, Infinity, -Infinity, NaN, 3];

const keyMakers: Readonly<Record<KeyKind, (random: Random) => Key>> = {
  integer: (random) => random.nextInt(20) - 5,
  float: (random) => floats[random.nextInt(floats.length)] ?? 0,
  string: (random) => strings[random.nextInt(strings.length)] ?? "",
  tuple: (random) => [random.nextInt(3), strings[random.nextInt(strings.length)] ?? ""],
  mixed: (random) => [null, true, false, 1, "1", "null", NaN, [1, "1"] as const][random.nextInt(8)] ?? null,
};

/** Multiples of 1/8 below 512 add up without rounding, in any order; the others do not. */
const valueOf = (random: Random, exact: boolean): number =>
  exact ? (random.nextInt(8192) - 4096) / 8 : (random.next() - 0.5) * 10 ** random.nextInt(6);

const parallelized: Source = (random, exact) => {
  const kinds = Object.keys(keyMakers) as KeyKind[];
  const keys = kinds[random.nextInt(kinds.length)] ?? "integer";
  const length = random.nextInt(6) === 0 ? random.nextInt(3) : random.nextInt(150);
  const rows = Array.from({ length }, (): Row => [keyMakers[keys](random), valueOf(random, exact)]);
  const partitions = partitionsOf(random);
  return {
    description: `parallelize(${length} rows with ${keys} keys, ${partitions})`,
    rows,
    keys,
    build: ({ gc }) => gc.parallelize(rows, partitions),
  };
};

const ranged: Source = (random, exact) => {
  const length = random.nextInt(150);
  const modulus = 1 + random.nextInt(40);
  const scale = exact ? 0.125 : random.next();
  const partitions = partitionsOf(random);
  return {
    description: `range(0, ${length}, ${partitions}).map((i) => [i % ${modulus}, i * ${scale}])`,
    rows: Array.from({ length }, (_, i): Row => [i % modulus, i * scale]),
    keys: "integer",
    build: ({ gc }) => gc.range(0, length, { partitions }).map((i): Row => [i % modulus, i * scale]),
  };
};

const empty: Source = () => ({
  description: "emptyRdd()",
  rows: [],
  keys: "integer",
  build: ({ gc }) => gc.emptyRdd<Row>(),
});

const few: readonly Source[] = [empty];
const many: readonly Source[] = [parallelized, parallelized, ranged];

/** Where random pipelines begin: seldom with nothing, as little comes of it. */
export const sources: readonly Source[] = [...many, ...many, ...many, ...many, ...few];
