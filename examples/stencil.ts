/**
 * Heat in a rod, as an MPI program would have it: gloam run stencil.ts [POINTS] [STEPS]
 *
 * Each task holds a part of the rod. In each step it gives its outermost values to its neighbours and gets theirs.
 */
import { GloamContext, type BarrierContext } from "gloam";

const points = Number(process.argv[2] ?? 200_000);
const steps = Number(process.argv[3] ?? 1000);
/** Part of the difference to its neighbours that a point takes over in a step; more than a half would be unstable. */
const rate = 0.4;

/** The values beside a part of the rod. The rod's ends are cold. */
function neighbours(part: Float64Array, context: BarrierContext): [left: number, right: number] {
  const { rank, size } = context;
  if (rank > 0) context.send(rank - 1, part[0]);
  if (rank < size - 1) context.send(rank + 1, part[part.length - 1]);
  return [rank > 0 ? context.receive<number>(rank - 1) : 0, rank < size - 1 ? context.receive<number>(rank + 1) : 0];
}

await using gc = new GloamContext({ appName: "stencil" });
const parts = Math.min(gc.defaultParallelism, points);

// A half wave, which keeps its shape and fades.
const wave = gc.range(points, { partitions: parts }).map((i) => Math.sin((Math.PI * (i + 1)) / (points + 1)));
const rods = wave.barrier().mapPartitions((values, context) => {
  let part = Float64Array.from(values);
  let next = new Float64Array(part.length);
  for (let step = 0; step < steps; step++) {
    const [left, right] = neighbours(part, context);
    for (let i = 0; i < part.length; i++) {
      const before = i === 0 ? left : part[i - 1]!;
      const after = i === part.length - 1 ? right : part[i + 1]!;
      next[i] = part[i]! + rate * (before - 2 * part[i]! + after);
    }
    [part, next] = [next, part];
  }
  return [part];
});

const rod = (await rods.collect()).flatMap((part) => [...part]);
const fading = (1 - 4 * rate * Math.sin(Math.PI / (2 * (points + 1))) ** 2) ** steps;
const errors = rod.map((value, i) => Math.abs(value - fading * Math.sin((Math.PI * (i + 1)) / (points + 1))));
console.log(`${points} points in ${parts} parts, ${steps} steps`);
console.log(`middle ${rod[points >> 1]!.toFixed(6)}`);
console.log(`largest error ${errors.reduce((a, b) => Math.max(a, b)).toExponential(1)}`);
