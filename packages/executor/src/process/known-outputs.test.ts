import { expect, test } from "vitest";
import { KnownOutputs } from "./known-outputs.ts";

const output = (partition: number, task: number) => ({
  partition,
  task,
  handle: `${partition}/${task}`,
  sketch: undefined,
});

test("outputs come in map order, each partition's latest", () => {
  const known = new KnownOutputs();
  known.add(1, [output(2, 10), output(0, 11)]);
  known.add(1, [output(1, 12), output(2, 13)]);
  expect(known.of(1).outputs.map(({ handle }) => handle)).toEqual(["0/11", "1/12", "2/13"]);
});

test("what a task was told before does not change", () => {
  const known = new KnownOutputs();
  known.add(1, [output(0, 1)]);
  const before = known.of(1);
  known.add(1, [output(0, 2)]);
  expect(before.outputs).toMatchObject([{ task: 1 }]);
});

test("a shuffle that nobody spoke of is a defect", () => {
  const known = new KnownOutputs();
  known.add(1, []);
  expect(known.of(1).outputs).toEqual([]);
  known.forget(1);
  expect(() => known.of(1)).toThrow(expect.objectContaining({ code: "GLOAM_INTERNAL" }));
});
