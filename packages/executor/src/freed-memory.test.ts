import { expect, test } from "vitest";
import { FreedMemory } from "./freed-memory.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("garbage is collected once for so much memory, when what runs is over", async () => {
  let collected = 0;
  const freed = new FreedMemory(() => collected++);
  for (let times = 0; times < 31; times++) freed.add(2 ** 20);
  await turn();
  expect(collected).toBe(0);
  for (let times = 0; times < 9; times++) freed.add(2 ** 20);
  expect(collected).toBe(0);
  await turn();
  expect(collected).toBe(1);
  freed.add(2 ** 20);
  await turn();
  expect(collected).toBe(1);
});
