import fc from "fast-check";
import { expect, test } from "vitest";
import { layOut, sharedBelow } from "./chunk-layout.ts";

test("chunks lie in order, aligned, beside each other, and large ones alone", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(100), fc.nat(2 * sharedBelow))), (lengths) => {
      const attachments = layOut(lengths, false);
      const seen = attachments.flatMap(({ first, offsets, bytes }) => {
        offsets.forEach((offset, index) => {
          expect(offset % 8).toBe(0);
          const end = offset + lengths[first + index]!;
          expect(end).toBeLessThanOrEqual(offsets[index + 1] ?? bytes);
          if (lengths[first + index]! >= sharedBelow) expect([offsets, bytes]).toEqual([[0], end]);
        });
        return offsets.map((_, index) => first + index);
      });
      expect(seen).toEqual(lengths.map((_, index) => index));
    }),
  );
});

test("many small chunks share one attachment", () => {
  expect(layOut([10, 16, 0, 3], false)).toEqual([{ first: 0, offsets: [0, 16, 32, 32], bytes: 35 }]);
});

test("chunks that may be compressed share one attachment, however long they are", () => {
  expect(layOut([10, sharedBelow, 3], true)).toEqual([
    { first: 0, offsets: [0, 16, 16 + sharedBelow], bytes: 19 + sharedBelow },
  ]);
  expect(layOut([2 ** 33 + 1, 3], true)).toEqual([{ first: 0, offsets: [0, 2 ** 33 + 8], bytes: 2 ** 33 + 11 }]);
});
