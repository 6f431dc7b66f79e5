import { expect, test } from "vitest";
import { allFamilies } from "./all-families.ts";
import { apiFamilies } from "./api-names.ts";
import { parseDocComment } from "./doc-comment.ts";
import type { ApiEntry } from "./read-api.ts";

function entry(name: string, file: string, doc: string | undefined = "Does it."): ApiEntry {
  return {
    owner: "Rdd",
    name,
    file,
    kind: "method",
    signatures: [`${name}(): void`],
    doc: doc === undefined ? undefined : parseDocComment(doc),
  };
}

test("a name that no table has is in the family of its neighbour, or in the last of its class", () => {
  const families = allFamilies([
    entry("ahead", "cuts.ts"),
    entry("batch", "cuts.ts"),
    entry("behind", "cuts.ts"),
    entry("cogroup", "pairs.ts"),
    entry("another", "pairs.ts"),
    entry("apart", "alone.ts"),
    entry("[Symbol.dispose]", "cuts.ts"),
    entry("inner", "cuts.ts", "Inner.\n@internal"),
  ]);
  const added = families.map(({ title, names }, i) => [title, names.slice(apiFamilies[i]!.names.length)]);
  expect(added.filter(([, names]) => names!.length > 0)).toEqual([
    ["Transformations", ["ahead", "behind"]],
    ["Pairs", ["another"]],
    ["Control", ["apart"]],
  ]);
});
