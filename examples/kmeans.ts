/**
 * Finds the middles of clusters of points by Lloyd's algorithm: gloam run kmeans.ts [POINTS]
 */
import { GloamContext } from "gloam";

type Point = readonly [x: number, y: number];

const points = Number(process.argv[2] ?? 300_000);
const cities: readonly Point[] = [[0, 0], [8, 1], [3, 9]]; // prettier-ignore

/** A number from 0 to below 1 that depends on its arguments alone: all points are the same every time. */
function noise(index: number, use: number): number {
  let state = Math.imul(index ^ Math.imul(use, 0x9e3779b9), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 15), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 32;
}

function nearest([x, y]: Point, centres: readonly Point[]): number {
  let best = 0;
  let least = Infinity;
  for (let i = 0; i < centres.length; i++) {
    const [a, b] = centres[i]!;
    const distance = (x - a) ** 2 + (y - b) ** 2;
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

await using gc = new GloamContext({ appName: "k-means" });
const data = gc
  .range(points)
  .map((i): Point => {
    const [x, y] = cities[i % cities.length]!;
    return [x + noise(i, 1) + noise(i, 2) - 1, y + noise(i, 3) + noise(i, 4) - 1];
  })
  .cache();

let centres: readonly Point[] = await data.take(cities.length);
for (let round = 1; ; round++) {
  const current = centres;
  const sums = await data
    .map((point) => [nearest(point, current), [point[0], point[1], 1]])
    .reduceByKey((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
    .collect();
  const next: Point[] = [...current];
  for (const [centre, [x, y, count]] of sums) next[centre] = [x / count, y / count];
  const moved = Math.max(...next.map(([x, y], i) => Math.hypot(x - current[i]![0], y - current[i]![1])));
  centres = next;
  console.log(`round ${round}: moved by ${moved.toFixed(4)}`);
  if (moved < 0.001) break;
}
for (const [x, y] of centres) console.log(`(${x.toFixed(2)}, ${y.toFixed(2)})`);
