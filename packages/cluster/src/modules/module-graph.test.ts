import fc from "fast-check";
import { expect, test } from "vitest";
import { deepHashes, type GraphMember } from "./module-graph.ts";

type Edges = Readonly<Record<string, readonly string[]>>;

function hashes(edges: Edges, changed?: string): Map<string, string> {
  const members = Object.entries(edges).map(([url, targets]): [string, GraphMember] => [
    url,
    { url, targets, hash: url === changed ? "new" : "old" },
  ]);
  return deepHashes(new Map(members));
}

/** Modules whose hash is another one when this one is. */
function affected(edges: Edges, changed: string): string[] {
  const before = hashes(edges);
  return [...hashes(edges, changed)].flatMap(([url, hash]) => (before.get(url) === hash ? [] : [url])).sort();
}

test("a change is one of all that import it, and of nothing else", () => {
  const edges = { main: ["a", "b"], a: ["c"], b: [], c: ["d", "a"], d: [], e: ["d"] };
  expect(affected(edges, "d")).toEqual(["a", "c", "d", "e", "main"]);
  expect(affected(edges, "a")).toEqual(["a", "c", "main"]);
  expect(affected(edges, "b")).toEqual(["b", "main"]);
  expect(new Set(hashes(edges).values()).size).toBe(6);
});

test("a chain of thousands of modules", () => {
  const chain = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`m${n}`, [`m${n + 1}`]]));
  expect(affected({ ...chain, m5000: [] }, "m5000").length).toBe(5001);
});

test("any graph: what changes is what reaches the change", () => {
  const graph = fc
    .integer({ min: 1, max: 8 })
    .chain((size) =>
      fc.tuple(fc.array(fc.uniqueArray(fc.nat(size - 1)), { minLength: size, maxLength: size }), fc.nat(size - 1)),
    );
  fc.assert(
    fc.property(graph, ([targets, changed]) => {
      const edges = Object.fromEntries(targets.map((each, from) => [`m${from}`, each.map((to) => `m${to}`)]));
      const reaching = new Set([`m${changed}`]);
      for (let size = 0; size < reaching.size;) {
        size = reaching.size;
        for (const [url, each] of Object.entries(edges)) if (each.some((to) => reaching.has(to))) reaching.add(url);
      }
      expect(affected(edges, `m${changed}`)).toEqual([...reaching].sort());
    }),
  );
});
