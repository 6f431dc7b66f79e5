import { expect, test } from "vitest";
import { runHostileWire } from "./hostile-wire.ts";

test("over whatever wire, a receiver delivers the first of what was sent, or ends", () => {
  let refused = 0;
  let whole = 0;
  for (let seed = 0; seed < 10_000; seed++) {
    const figures = runHostileWire(seed);
    if (figures.refused) refused++;
    else if (figures.delivered === figures.sent) whole++;
  }
  // The wire did what it should, and did not always.
  expect(refused).toBeGreaterThan(5000);
  expect(whole).toBeGreaterThan(500);
});
