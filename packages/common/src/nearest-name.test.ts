import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

const names = ["executor.memory", "executor.cores", "cores.max", "map", "mapPartitions"];

test.each([
  ["executor.memory", "executor.memory"],
  ["executor.memroy", "executor.memory"],
  ["executorMemory", "executor.memory"],
  ["EXECUTOR_CORES", "executor.cores"],
  ["core.max", "cores.max"],
  ["mpa", "map"],
  ["mapPartition", "mapPartitions"],
  ["nothing like it", undefined],
  ["", undefined],
])("%s is near %s", (written, nearest) => {
  expect(nearestName(written, names)).toBe(nearest);
});
