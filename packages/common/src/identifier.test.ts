import { expect, test } from "vitest";
import { createIdentifier, createSequence } from "./identifier.ts";
import { createRandom } from "./random.ts";

test("a sequence counts up", () => {
  const next = createSequence(5);
  expect([next(), next(), next()]).toEqual([5, 6, 7]);
});

test("identifiers are short, fit for file names, and differ", () => {
  const random = createRandom(1);
  const made = Array.from({ length: 1000 }, () => createIdentifier(random));
  expect(new Set(made).size).toBe(1000);
  for (const identifier of made) expect(identifier).toMatch(/^[0-9a-z]{10}$/);
});
