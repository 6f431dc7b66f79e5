import { expect, test } from "vitest";
import { LoopWriter, operationAt } from "./loop-writer.ts";

test("every line of a loop's body belongs to the operation that wrote it, also where one wrote several at once", () => {
  const writer = new LoopWriter("v0");
  writer.write(3, [], (code) => {
    code.line("first();\nsecond();");
    code.output(code.value);
  });
  writer.write(4, [], (code) => code.loop("for (;;) {"));
  const source = writer.finish(false);
  const lines = source.body.join("\n").split("\n");
  const operations = lines.map((_, line) => operationAt(source, line));
  expect(operations[lines.indexOf("second();")]).toBe(3);
  expect(operations[lines.indexOf("for (;;) {")]).toBe(4);
  expect(operations.at(-1)).toBe(4);
  expect(operationAt(source, -1)).toBeUndefined();
  expect(operationAt(source, lines.length)).toBeUndefined();
});
