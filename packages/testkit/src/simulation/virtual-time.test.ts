import fc from "fast-check";
import { expect, test } from "vitest";
import { VirtualTime } from "./virtual-time.ts";

test("what is due happens in order of time, then of asking, and what is cancelled does not", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ after: fc.nat(20), cancelled: fc.boolean() })), (wanted) => {
      const time = new VirtualTime();
      const happened: number[] = [];
      const cancels = wanted.map(({ after }, index) => time.after(after, () => happened.push(index)));
      wanted.forEach(({ cancelled }, index) => cancelled && cancels[index]?.());
      while (time.next(10));
      expect(time.now()).toBe(10);
      while (time.next(Infinity));
      const expected = wanted
        .map(({ after, cancelled }, index) => ({ after, cancelled, index }))
        .filter(({ cancelled }) => !cancelled)
        .sort((a, b) => a.after - b.after || a.index - b.index);
      expect(happened).toEqual(expected.map(({ index }) => index));
    }),
  );
});
