import { expect, test } from "vitest";
import { leaseCells, Leases } from "./leases.ts";

const threads = 3;

function leasesOn(memory: SharedArrayBuffer): Leases {
  const cells = new Int32Array(memory);
  return new Leases(cells.subarray(1), cells.subarray(0, 1), threads);
}

function shared(): SharedArrayBuffer {
  return new SharedArrayBuffer(4 * (1 + leaseCells(threads)));
}

test("a lease ends when nobody reads, and is read by nobody afterwards", () => {
  const leases = leasesOn(shared());
  const lease = leases.create(1)!;
  expect(leases.isOpen(lease)).toBe(true);
  expect(leases.pin(lease, 0)).toBe(true);
  expect(leases.pin(lease, 2)).toBe(true);
  expect(leases.close(lease)).toBe(false);
  leases.unpin(lease, 0);
  expect(leases.close(lease)).toBe(false);
  expect(leases.isOpen(lease)).toBe(true);
  leases.unpin(lease, 2);
  expect(leases.close(lease)).toBe(true);
  expect(leases.isOpen(lease)).toBe(false);
  expect(leases.pin(lease, 0)).toBe(false);
  expect(leases.isPinned(lease)).toBe(false);
  // Ending it again changes nothing.
  expect(leases.close(lease)).toBe(true);
});

test("cells are used again, and an old name does not open the new lease", () => {
  const leases = leasesOn(shared());
  const first = leases.create(0)!;
  leases.close(first);
  leases.release(first);
  let again = leases.create(0)!;
  while (again.at !== first.at) {
    leases.release(again);
    again = leases.create(0)!;
  }
  expect(leases.isOpen(again)).toBe(true);
  expect(leases.pin(first, 1)).toBe(false);
  expect(leases.pin(again, 1)).toBe(true);
});

test("who asks by an old name for cells in which it reads another block goes on reading that", () => {
  const leases = leasesOn(shared());
  const first = leases.create(0)!;
  leases.close(first);
  leases.release(first);
  let again = leases.create(0)!;
  while (again.at !== first.at) {
    leases.release(again);
    again = leases.create(0)!;
  }
  expect(leases.pin(again, 1)).toBe(true);
  expect(leases.pin(first, 1)).toBe(false);
  // Another reader leaves nothing behind, and takes nothing away.
  expect(leases.pin(first, 2)).toBe(false);
  expect(leases.close(again)).toBe(false);
  leases.unpin(again, 1);
  expect(leases.close(again)).toBe(true);
});

test("a thread has so many leases and no more", () => {
  const leases = leasesOn(shared());
  const all = new Set<number>();
  for (;;) {
    const lease = leases.create(2);
    if (lease === undefined) break;
    expect(all.has(lease.at)).toBe(false);
    all.add(lease.at);
  }
  expect(all.size).toBeGreaterThanOrEqual(1024);
  expect(leases.create(1)).toBeDefined();
});

test("later uses have larger numbers", () => {
  const leases = leasesOn(shared());
  const [a, b] = [leases.create(0)!, leases.create(1)!];
  expect(leases.lastUse(b)).toBeGreaterThan(leases.lastUse(a));
  leases.pin(a, 1);
  expect(leases.lastUse(a)).toBeGreaterThan(leases.lastUse(b));
  leases.touch(b);
  expect(leases.lastUse(b)).toBeGreaterThan(leases.lastUse(a));
});

test("what a dead thread read is read no longer, and what it was about to end goes on", () => {
  const memory = shared();
  const leases = leasesOn(memory);
  const [own, others] = [leases.create(1)!, leases.create(0)!];
  leases.pin(others, 1);
  // It died between two instructions of `close`.
  Atomics.add(new Int32Array(memory), 1 + own.at, 1);
  leases.forget(1);
  expect(leases.isPinned(others)).toBe(false);
  expect(leases.isOpen(own)).toBe(true);
  expect(leases.pin(own, 0)).toBe(true);
});
