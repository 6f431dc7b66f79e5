/** The cases of cases.test.ts on Node.js 24, which runs TypeScript itself. Slow when that Node.js is not there yet. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { installNode } from "../fixtures/install-node.ts";
import { runCases } from "../fixtures/run-cases.ts";

test("the cases run as a script under type stripping", { timeout: 300_000 }, async () => {
  const node = await installNode(24);
  const cases = fileURLToPath(new URL("cases.test.ts", import.meta.url));
  const report = await runCases(node, [cases], "type-stripping");
  expect(report).toMatchObject({ failed: 0, output: "" });
  expect(report.cases).toBeGreaterThan(100);
});
