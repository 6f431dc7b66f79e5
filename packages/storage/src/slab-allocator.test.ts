import { expect, test } from "vitest";
import { SlabAllocator, type Slab, type SlabAllocatorOptions } from "./slab-allocator.ts";

function makeAllocator(options: Partial<SlabAllocatorOptions> = {}) {
  const slabs: Slab[] = [];
  const dropped: number[] = [];
  let id = 0;
  const allocator = new SlabAllocator({
    nextId: () => id++,
    slabBytes: 64 * 1024,
    onSlab: (slab) => slabs.push(slab),
    onDrop: (slab) => dropped.push(slab),
    ...options,
  });
  return { allocator, slabs, dropped };
}

test("makes a slab when needed and announces it before the block is handed out", () => {
  const { allocator, slabs } = makeAllocator();
  const chunk = Uint8Array.of(1, 2, 3);
  const place = allocator.store(chunk)!;
  expect(slabs.map((slab) => slab.id)).toEqual([place.slab]);
  expect([...new Uint8Array(slabs[0]!.buffer, place.offset, 3)]).toEqual([1, 2, 3]);
  allocator.store(new Uint8Array(40_000));
  expect(slabs).toHaveLength(1);
  allocator.store(new Uint8Array(40_000));
  expect(slabs).toHaveLength(2);
});

test("gives a large block a slab of its size", () => {
  const { allocator, slabs } = makeAllocator();
  const place = allocator.store(new Uint8Array(1_000_000).fill(7))!;
  expect(slabs[0]!.buffer.byteLength).toBeLessThan(1_100_000);
  expect(new Uint8Array(slabs[0]!.buffer)[place.offset + 999_999]).toBe(7);
});

test("keeps empty slabs for later blocks, up to a limit", () => {
  const keeping = makeAllocator();
  const first = keeping.allocator.store(new Uint8Array(200_000))!;
  keeping.allocator.free(first.slab, first.offset);
  expect(keeping.allocator.store(new Uint8Array(200_000))!.slab).toBe(first.slab);

  const dropping = makeAllocator({ retainBytes: 64 * 1024 });
  const small = dropping.allocator.store(new Uint8Array(10))!;
  const large = dropping.allocator.store(new Uint8Array(200_000))!;
  dropping.allocator.free(small.slab, small.offset);
  dropping.allocator.free(large.slab, large.offset);
  expect(dropping.dropped).toEqual([large.slab]);
  expect(dropping.allocator.slabCount).toBe(1);
  expect(dropping.allocator.usedBytes).toBe(0);
});

test("does not grow over thousands of iterations", () => {
  const { allocator, slabs } = makeAllocator({ slabBytes: 1 << 20 });
  let previous: { slab: number; offset: number }[] = [];
  for (let iteration = 0; iteration < 2_000; iteration++) {
    const current = Array.from({ length: 20 }, (_, index) =>
      allocator.store(new Uint8Array(500 + ((iteration * index * 37) % 9_000)))!,
    );
    for (const { slab, offset } of previous) allocator.free(slab, offset);
    previous = current;
  }
  expect(slabs).toHaveLength(1);
});

test("says no when the system has no memory for a slab", () => {
  const { allocator } = makeAllocator({ slabBytes: 2 ** 50 });
  expect(allocator.store(new Uint8Array(1))).toBeUndefined();
});
