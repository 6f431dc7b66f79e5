/**
 * Learns to tell two kinds of points apart by gradient descent: gloam run logistic-regression.ts [POINTS]
 */
import { GloamContext } from "gloam";

const points = Number(process.argv[2] ?? 200_000);
const truth = [2, -1, 0.5];

/** A number between -1 and 1 that depends on its arguments alone: all points are the same every time. */
function noise(index: number, use: number): number {
  let state = Math.imul(index ^ Math.imul(use, 0x9e3779b9), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 15), 0xc2b2ae35);
  return ((state ^ (state >>> 16)) >>> 0) / 2 ** 31 - 1;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

await using gc = new GloamContext({ appName: "logistic regression" });
const data = gc
  .range(points)
  .map((i) => {
    const features = [noise(i, 1), noise(i, 2), noise(i, 3)];
    return { features, label: dot(features, truth) + noise(i, 4) / 2 > 0 ? 1 : -1 };
  })
  .cache();

let weights = [0, 0, 0];
for (let round = 0; round < 20; round++) {
  const current = weights;
  const gradient = await data
    .map(({ features, label }) => {
      const scale = (1 / (1 + Math.exp(-label * dot(features, current))) - 1) * label;
      return features.map((feature) => feature * scale);
    })
    .reduce((a, b) => a.map((value, i) => value + b[i]!));
  weights = current.map((weight, i) => weight - (10 / points) * gradient[i]!);
}

const learnt = weights;
const right = await data.filter(({ features, label }) => dot(features, learnt) > 0 === label > 0).count();
const scaled = weights.map((weight) => ((weight / weights[0]!) * truth[0]!).toFixed(2));
console.log(`weights in proportion: ${scaled.join(", ")}; true ones: ${truth.join(", ")}`);
console.log(`${((100 * right) / points).toFixed(1)} % told right`);
