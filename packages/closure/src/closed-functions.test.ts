import { expect, test } from "vitest";
import { captureFunction } from "./capture-function.ts";
import { calledFunctions, closedFunctions } from "./closed-functions.ts";
import type { LinkedNode } from "./link-graphs.ts";
import { loadFunctions } from "./load-functions.ts";
import { nameUses } from "./name-uses.ts";
import { parseFunction } from "./parse-function.ts";
import { NodeReference } from "./value-graph.ts";

type Anything = (...values: never[]) => unknown;

async function load(...functions: readonly Anything[]): Promise<readonly unknown[]> {
  const captured = functions.map((each) => captureFunction(each, { operation: "map" }));
  return (await loadFunctions(captured)).instantiate();
}

test("a function that captures nothing is the same one whenever it is loaded", async () => {
  const double = (x: number): number => x * 2;
  const [first] = await load(double);
  expect((await load(double))[0]).toBe(first);
  const around = (x: number): number => double(x);
  await load(around);
  expect(((await load(around))[0] as (x: number) => number)(4)).toBe(8);
});

test("functions of the same code are as many as they were", async () => {
  const make = () => (x: number) => x + 1;
  const [one, other] = [make(), make()];
  const same = (): boolean => one === other;
  const [compare] = await load(same);
  expect((compare as () => boolean)()).toBe(false);
  const [first, second] = await load(
    (): unknown => one,
    (): unknown => other,
  );
  expect((first as () => unknown)()).not.toBe((second as () => unknown)());
});

test("functions that can differ are made anew", async () => {
  const limits = [1];
  const within = (x: number): boolean => x <= limits[0]!;
  const [first] = await load(within);
  expect((await load(within))[0]).not.toBe(first);
  const counting = Object.assign((x: number): number => x, { calls: 0 });
  const [counted] = await load(counting);
  expect((await load(counting))[0]).not.toBe(counted);
});

test("what functions keep in functions is not found by others", async () => {
  const counted = (x: number): number => x;
  const counting = (): number => {
    const calls = counted as { n?: number };
    return (calls.n = (calls.n ?? 0) + 1);
  };
  const byName = (): (() => number) =>
    function counter(): number {
      const calls = counter as { n?: number };
      return (calls.n = (calls.n ?? 0) + 1);
    };
  const list = [counted];
  const inList = (): number => {
    const calls = list[0] as { n?: number };
    return (calls.n = (calls.n ?? 0) + 1);
  };
  for (const make of [() => counting, byName, () => inList]) {
    for (let stage = 0; stage < 2; stage++) {
      const [count] = (await load(make())) as [() => number];
      expect([count(), count()]).toEqual([1, 2]);
    }
  }
});

test.each([
  ["x => f(x)", true],
  ["x => f", false],
])("of %s a captured function is kept: %s", (source, isKept) => {
  const node = (number: number, text: string, captured?: number): LinkedNode => ({
    ...{ number, codeKey: text, nested: undefined },
    node: {
      ...{ identity: 0, properties: [], prototypeOf: undefined },
      content: { kind: "function", code: 0, captures: captured === undefined ? [] : [new NodeReference(captured)] },
    } as unknown as LinkedNode["node"],
    code: {
      ...{
        form: "expression",
        name: "",
        late: [],
        assigns: false,
        reachesItself: false,
        enclosed: true,
        strict: true,
        file: "",
        line: 0,
        column: 0,
      },
      ...{ source: text, parameters: captured === undefined ? [] : ["f"] },
      called: nameUses(parseFunction(text)!, ["f"]).called,
    },
  });
  const nodes = [node(0, source, 1), node(1, "x => x")];
  expect(closedFunctions(nodes, calledFunctions(nodes)).has(1)).toBe(isKept);
});
