import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { firstLine } from "./first-line.ts";

test("the first line comes whole, however it is cut", async () => {
  expect(await firstLine(Readable.from([Buffer.from("se"), Buffer.from("t\nmore")]))).toBe("set");
});

test("a stream that ends before, or says too much, is an error", async () => {
  await expect(firstLine(Readable.from([Buffer.from("half")]))).rejects.toThrow("nothing to read");
  await expect(firstLine(Readable.from(Array.from({ length: 1100 }, () => Buffer.alloc(1024, "x"))))).rejects.toThrow(
    "longer",
  );
});
