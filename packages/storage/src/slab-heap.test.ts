import fc from "fast-check";
import { expect, test } from "vitest";
import { blockBytes, SlabHeap, slabBytesFor } from "./slab-heap.ts";

const slabBytes = 64 * 1024;

/** Bytes of the largest payload that a heap has room for at once. */
function largest(heap: SlabHeap): number {
  for (let bytes = slabBytes; bytes > 0; bytes -= 32) {
    const offset = heap.allocate(bytes);
    if (offset >= 0) {
      heap.free(offset);
      return bytes;
    }
  }
  return 0;
}

test("blocks never overlap, keep their bytes, and coalesce to one when all are freed", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ allocate: fc.oneof(fc.nat(200), fc.nat(20_000)) }) },
    { weight: 2, arbitrary: fc.record({ free: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const buffer = new SharedArrayBuffer(slabBytes);
      const bytes = new Uint8Array(buffer);
      const heap = new SlabHeap(buffer);
      const whole = largest(heap);
      const live: { offset: number; length: number; fill: number }[] = [];
      const check = (block: (typeof live)[number]): void => {
        expect(bytes.subarray(block.offset, block.offset + block.length).every((byte) => byte === block.fill)).toBe(
          true,
        );
      };
      let used = 0;
      let fill = 0;
      for (const action of steps) {
        if ("allocate" in action) {
          const offset = heap.allocate(action.allocate);
          if (offset < 0) continue;
          expect(offset % 16).toBe(0);
          expect(offset + action.allocate).toBeLessThanOrEqual(slabBytes);
          fill = (fill + 1) % 256;
          bytes.fill(fill, offset, offset + action.allocate);
          live.push({ offset, length: action.allocate, fill });
          used += blockBytes(action.allocate);
        } else if (live.length > 0) {
          const [block] = live.splice(action.free % live.length, 1);
          check(block!);
          heap.free(block!.offset);
          used -= blockBytes(block!.length);
        }
        expect(heap.usedBytes).toBe(used);
      }
      for (const block of live) {
        check(block);
        heap.free(block.offset);
      }
      expect(heap.usedBytes).toBe(0);
      expect(largest(heap)).toBe(whole);
    }),
    { numRuns: 60 },
  );
});

test("a slab made for a block has room for it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000_000 }), (bytes) => {
      expect(new SlabHeap(new SharedArrayBuffer(slabBytesFor(bytes))).allocate(bytes)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 50 },
  );
});

test("freeing what is not allocated is an error", () => {
  const heap = new SlabHeap(new SharedArrayBuffer(slabBytes));
  const offset = heap.allocate(100);
  heap.free(offset);
  expect(() => heap.free(offset)).toThrow("GLOAM_INTERNAL");
  expect(() => heap.free(24)).toThrow("GLOAM_INTERNAL");
});

test("thousands of rounds of mixed sizes stay in the same slab", () => {
  const heap = new SlabHeap(new SharedArrayBuffer(slabBytes));
  let state = 1;
  const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
  const live: number[] = [];
  for (let round = 0; round < 50_000; round++) {
    while (live.length >= 40) heap.free(live.splice(Math.floor(random() * live.length), 1)[0]!);
    const offset = heap.allocate(random() < 0.9 ? random() * 300 : random() * 3000);
    expect(offset).toBeGreaterThanOrEqual(0);
    live.push(offset);
  }
});
