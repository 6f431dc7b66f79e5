import { expect, test } from "vitest";
import { CombiningTrial } from "./combining-trial.ts";

const trialPairs = 256 * 1024;

test("combining is given up where keys hardly ever come again, and tried again after a pause", () => {
  const trial = new CombiningTrial();
  trial.judge(trialPairs / 8, (trialPairs / 8) * 0.95);
  expect(trial.isDue(trialPairs - 1)).toBe(false);
  trial.judge(trialPairs - 1, trialPairs - 1);
  expect(trial.combining).toBe(true);
  expect(trial.isDue(trialPairs)).toBe(true);
  trial.judge(trialPairs, trialPairs);
  expect(trial.combining).toBe(false);
  // Pairs that waited are combined, and found new, before the table is written.
  trial.ended(4 * trialPairs, 4 * trialPairs);
  trial.wroteThrough(4 * 1024 * 1024);
  expect(trial.combining).toBe(true);
  // The second trial counts its own pairs alone: half of these met their key again.
  trial.judge(4.5 * trialPairs, 4.25 * trialPairs);
  expect(trial.combining).toBe(true);
  trial.judge(5 * trialPairs, 4.5 * trialPairs);
  expect(trial.combining).toBe(true);
});

test("combining is given up early where keys are new almost without exception", () => {
  const trial = new CombiningTrial();
  expect(trial.isDue(trialPairs / 8)).toBe(true);
  trial.judge(trialPairs / 8, (trialPairs / 8) * 0.98);
  expect(trial.combining).toBe(false);
});
