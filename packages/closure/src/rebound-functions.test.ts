import { beforeEach, expect, test } from "vitest";
import { captureFunction, type AnyFunction } from "./capture-function.ts";
import { loadFunctions, type FunctionFactory, type RebuiltFunction } from "./load-functions.ts";
import { releaseCaptured } from "./rebound-functions.ts";

beforeEach(releaseCaptured);

async function load(functions: readonly AnyFunction[], inTurns = true): Promise<FunctionFactory> {
  const captured = functions.map((each) => captureFunction(each, { operation: "map", allowAsync: true }));
  return loadFunctions(captured, { inTurns });
}

const only = (factory: FunctionFactory): RebuiltFunction => factory.instantiate()[0]!;

test("a function is the same one in all tasks, with the captured values of the task", async () => {
  const scaled = (factor: number, offsets: number[]) => (x: number) => {
    offsets.push(x);
    return x * factor + offsets.length;
  };
  const first = await load([scaled(10, [])]);
  const made = only(first);
  expect([made(1), made(1)]).toEqual([11, 12]);
  expect(only(first)).toBe(made);
  expect(made(1)).toBe(11);
  const second = await load([scaled(100, [0, 0])]);
  expect(only(second)).toBe(made);
  expect(made(1)).toBe(103);
  // A task of the first stage may come after one of the second.
  expect(only(first)(1)).toBe(11);
});

test("so are those that it calls", async () => {
  const job = (limits: number[]) => {
    const within = (x: number): boolean => x <= limits[0]!;
    return (x: number) => within(x) && x > limits[1]!;
  };
  const made = only(await load([job([5, 1])]));
  expect([1, 2, 5, 6].map((x) => made(x))).toEqual([false, true, true, false]);
  expect(only(await load([job([9, 7])]))).toBe(made);
  expect([7, 8, 9, 10].map((x) => made(x))).toEqual([false, true, true, false]);
});

test("what a function assigns to is as captured in every task", async () => {
  const counting = (): AnyFunction => {
    let count = 0;
    return () => ++count;
  };
  const factory = await load([counting()]);
  const made = only(factory);
  expect([made(), made()]).toEqual([1, 2]);
  expect(only(factory)()).toBe(1);
});

test("functions of the same code in one task have values of their own", async () => {
  const plus = (list: number[]) => (x: number) => x + list[0]!;
  const [one, two] = (await load([plus([1]), plus([2])])).instantiate();
  expect([one!(0), two!(0)]).toEqual([1, 2]);
});

test("an object that two functions of a task captured is one object", async () => {
  const shared: number[] = [];
  const [add, count] = (await load([(x: number) => void shared.push(x), () => shared.length])).instantiate();
  add!(1);
  expect(count!()).toBe(1);
});

test("captured values have any names", async () => {
  const make = (x: number[], $x: number[], $: number[], $$: number[]) => (late: number) =>
    [late, x[0], $x[0], $[0], $$[0]].join();
  expect(only(await load([make([1], [2], [3], [4])]))(0)).toBe("0,1,2,3,4");
  // The names under which Gloam hands its own functions over.
  const [$gm, $gq] = [3, 4];
  expect(only(await load([(x: number) => [x * $gm, x * $gq]]))(2)).toEqual([6, 8]);
});

test("what one copy serves stays one copy for all tasks of a stage", async () => {
  const factor = 10;
  const scale = (x: number): number => x * factor;
  const each = (x: number): number => scale(x) + 1;
  const factory = await load([(row: number[]) => row.map(each), (): unknown => each]);
  const [all, held] = factory.instantiate();
  expect(all!([1, 2])).toEqual([11, 21]);
  expect(factory.instantiate()[1]!()).toBe(held!());
});

test("the end of a task lets go of what was captured", async () => {
  const list = [1];
  const made = only(await load([(): unknown => list]));
  expect(made()).toEqual([1]);
  releaseCaptured();
  expect(made()).toBeUndefined();
});

test("names and stacks are the program's", async () => {
  const limit = [1];
  const failing = (): void => {
    throw new Error(`more than ${limit[0]}`);
  };
  const [named, nameless] = (
    await load([
      failing,
      (
        (): AnyFunction => () =>
          failing()
      )(),
    ])
  ).instantiate();
  expect([named!.name, nameless!.name]).toEqual(["failing", ""]);
  const stack = (fn: RebuiltFunction): string => {
    try {
      return String(fn());
    } catch (error) {
      return (error as Error).stack!;
    }
  };
  expect(stack(named!)).toMatch(/^Error: more than 1\n\s+at failing \(.*rebound-functions\.test\.ts/);
  expect(stack(nameless!)).not.toContain("made");
});

test("a function in the hands of others is made anew", async () => {
  const offset = [1];
  const plus = (x: number): number => x + offset[0]!;
  const factory = await load([(): unknown => plus]);
  expect(only(factory)()).not.toBe(only(factory)());
});

test.each<[why: string, make: (list: number[]) => AnyFunction]>([
  ["a function that may go on after its task", (list) => async (x: number) => Promise.resolve(x + list[0]!)],
  ["one that makes another", (list) => (x: number) => () => x + list[0]!],
  [
    "one that is called by another of these",
    (list) => {
      const plus = (x: number): number => x + list[0]!;
      return (xs: number[]) => [plus(1), xs.map((x) => plus(x))];
    },
  ],
])("%s is made anew", async (_, make) => {
  const factory = await load([make([1])]);
  expect(only(factory)).not.toBe(only(factory));
});

test("lists without turns are made anew", async () => {
  const list = [1];
  const factory = await load([(x: number) => x + list[0]!], false);
  expect(only(factory)).not.toBe(only(factory));
});
