import { expect, test } from "vitest";
import { TaskSegments, type RemoteOutput } from "./remote-output.ts";

test("a task's segment is the same one whenever it is asked for", () => {
  const segments = new TaskSegments();
  const output: RemoteOutput = {
    executor: "a",
    host: "h",
    port: 1,
    store: 2,
    output: 3,
    index: Uint8Array.of(0, 1, 5, 1, 2, 7, 8),
  };
  const first = segments.of(output, 0);
  expect(first).toEqual({ executor: "a", host: "h", port: 1, store: 2, output: 3, segment: 0, chunkBytes: [5] });
  expect(segments.of(output, 0)).toBe(first);
  expect(segments.of(output, 2).chunkBytes).toEqual([7, 8]);
  expect(segments.of({ ...output }, 0)).not.toBe(first);
});
