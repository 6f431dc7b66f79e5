/**
 * Estimates pi from random points in a square: gloam run pi.ts [POINTS]
 */
import { GloamContext } from "gloam";

const points = Number(process.argv[2] ?? 20_000_000);

await using gc = new GloamContext({ appName: "pi" });
const inside = await gc
  .range(points)
  .filter(() => {
    const x = Math.random() * 2 - 1;
    const y = Math.random() * 2 - 1;
    return x * x + y * y <= 1;
  })
  .count();

console.log(`pi is about ${((4 * inside) / points).toFixed(4)}, from ${points} points`);
