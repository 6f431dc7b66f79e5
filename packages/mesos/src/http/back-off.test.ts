import { expect, test } from "vitest";
import { BackOff } from "./back-off.ts";

test("delays double up to the most, and begin anew", () => {
  const backOff = new BackOff({ first: 500, most: 15_000, random: () => 0.999999 });
  const delays = Array.from({ length: 7 }, () => Math.round(backOff.next()));
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  backOff.reset();
  expect(Math.round(backOff.next())).toBe(500);
});

test("delays are spread over the upper half", () => {
  const backOff = new BackOff({ first: 500, most: 15_000, random: () => 0 });
  expect([backOff.next(), backOff.next()]).toEqual([250, 500]);
});
