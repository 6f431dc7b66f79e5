import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { apiCoverage } from "./api-coverage.ts";
import { laterNames } from "./api-names.ts";

const coverage = apiCoverage(fileURLToPath(new URL("../../..", import.meta.url)));

test.each(coverage.filter(({ name }) => !laterNames.has(name)))(
  "$name is there, with a test of its types, a test on every master, and an example",
  ({ exists, hasTypeTest, hasTestOnEveryMaster, hasExample }) => {
    expect({ exists, hasTypeTest, hasTestOnEveryMaster, hasExample }).toEqual({
      exists: true,
      hasTypeTest: true,
      hasTestOnEveryMaster: true,
      hasExample: true,
    });
  },
);

test("what is promised for later is not there yet", () => {
  expect(coverage.filter(({ name, exists }) => laterNames.has(name) && exists)).toEqual([]);
});
