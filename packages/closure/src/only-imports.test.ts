/** Nothing but imports at the top of this file: they lie where a loader puts what it hands to a module. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { captureFunction, loadFunctions } from "./index.ts";

test("a function finds what its module imports, though the module has nothing of its own", async () => {
  const below = "b";
  const captured = captureFunction((name: string) => join(name, below), { operation: "map" });
  const [rebuilt] = (await loadFunctions([structuredClone(captured)])).instantiate();
  expect((rebuilt as (name: string) => string)("a")).toBe("a/b");
});
