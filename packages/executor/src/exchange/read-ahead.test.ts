import fc from "fast-check";
import { expect, test } from "vitest";
import { FakeMemory } from "../testing/fake-memory.ts";
import { ReadAhead, ReadingOrder, type Wanted } from "./read-ahead.ts";
import { RemoteInput } from "./remote-input.ts";

function inputOf(output: number, chunkBytes: readonly number[]): RemoteInput {
  return new RemoteInput({ executor: "e", host: "h", port: 1, store: 1, output, segment: 0, chunkBytes });
}

const named = (wanted: readonly Wanted[]): string[] =>
  wanted.map(({ input, chunk }) => `${input.remote.output}.${chunk}`);

function aheadOf(maxBytes: number, memory = new FakeMemory(1e9)): ReadAhead {
  const ahead = new ReadAhead(maxBytes);
  ahead.use(memory);
  return ahead;
}

test("asks for what is listed, in order, within the budget, and on when half of it is read", () => {
  const ahead = aheadOf(400);
  const inputs = [0, 1, 2, 3].map((output) => inputOf(output, [50, 50]));
  ahead.add(new ReadingOrder(inputs));
  // A quarter is left for whoever waits.
  expect(named(ahead.take())).toEqual(["0.0", "0.1", "1.0", "1.1", "2.0", "2.1"]);
  ahead.settle(inputs[0]!, 0, true);
  expect(named(ahead.take())).toEqual([]);
  ahead.settle(inputs[0]!, 1, true);
  expect(named(ahead.take())).toEqual(["3.0", "3.1"]);
});

test("asks for nothing of a range before somebody waits, then for more and more", () => {
  const ahead = aheadOf(1000);
  const inputs = [0, 1].map((output) => inputOf(output, Array<number>(20).fill(10)));
  const orders = inputs.map((input, index) => new ReadingOrder([input], { from: 3 + index, to: 18 }));
  for (const order of orders) ahead.add(order);
  const read = (input: number, chunk: number): string[] => {
    ahead.settle(inputs[input]!, chunk, true);
    orders[input]!.hasRead(chunk);
    return named(ahead.take());
  };
  expect(named(ahead.take({ input: inputs[0]!, chunk: 3, order: orders[0] }))).toEqual(["0.3", "1.4"]);
  expect(read(0, 3)).toEqual(["0.4", "0.5"]);
  expect(read(0, 4)).toEqual(["0.6", "0.7", "0.8"]);
  expect(read(1, 4)).toEqual(["1.5", "1.6"]);
});

test("a chunk that is waited for is asked for, whatever the others hold and the memory says", () => {
  const memory = new FakeMemory(400);
  const ahead = aheadOf(400, memory);
  const listed = inputOf(0, Array<number>(10).fill(100));
  const other = inputOf(1, [1000, 100]);
  ahead.add(new ReadingOrder([listed]));
  expect(named(ahead.take())).toEqual(["0.0"]);
  expect(named(ahead.take({ input: other, chunk: 0, order: undefined }))).toEqual(["1.0"]);
  expect(memory.held).toBe(100);
  ahead.settle(other, 0, true);
  ahead.settle(listed, 0, true);
  expect([ahead.bytes, memory.held]).toEqual([0, 0]);
});

test("memory that is refused lowers what is asked ahead", () => {
  const memory = new FakeMemory(250, 1e9);
  const ahead = aheadOf(1000, memory);
  const input = inputOf(0, Array<number>(10).fill(100));
  ahead.add(new ReadingOrder([input]));
  expect(named(ahead.take())).toEqual(["0.0", "0.1"]);
  ahead.settle(input, 0, true);
  expect(named(ahead.take())).toEqual(["0.2"]);
  ahead.clear();
  expect(memory.held).toBe(0);
});

test("never holds more than the budget and what is waited for, and every chunk can be read, in any order", () => {
  const reads = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 80 });
  const sizes = fc.array(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(sizes, reads, fc.nat(1000), fc.nat(1500), fc.boolean(), (chunkBytes, order, budget, limit, listed) => {
      const memory = new FakeMemory(limit, 4 * budget);
      const ahead = aheadOf(budget, memory);
      const inputs = chunkBytes.map((each, output) => inputOf(output, each));
      const orders = listed
        ? [new ReadingOrder(inputs)]
        : inputs.map((input) => new ReadingOrder([input], { from: 0, to: input.chunks }));
      for (const each of orders) ahead.add(each);
      ahead.take();
      for (const [first, second] of order) {
        const at = first % inputs.length;
        const input = inputs[at]!;
        if (input.chunks === 0) continue;
        const chunk = second % input.chunks;
        const own = orders[listed ? 0 : at]!;
        if (!input.isPending(chunk)) ahead.take({ input, chunk, order: own });
        expect(input.isPending(chunk)).toBe(true);
        expect(ahead.bytes).toBeLessThanOrEqual(Math.max(budget, 300) + 300);
        ahead.settle(input, chunk, true);
        own.hasRead(chunk);
        ahead.take();
      }
      for (const input of inputs) for (let chunk = 0; chunk < input.chunks; chunk++) ahead.settle(input, chunk, false);
      expect([ahead.bytes, memory.held]).toEqual([0, 0]);
    }),
  );
});
