import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { expect, test } from "vitest";
import { attachMemoryPool, createMemoryPool } from "./memory-pool.ts";
import { pageBytes } from "./page.ts";

const mebibyte = 2 ** 20;

function makePool(slots: number, totalBytes = 16 * mebibyte) {
  return attachMemoryPool(createMemoryPool({ totalBytes, slots, heapBudget: 1000 }));
}

test("two who ask for room at once are served together, and the later's node is spared", () => {
  const pool = makePool(3);
  pool.setEvictable(0, 10);
  expect(pool.askForRoom(1, 3 * pageBytes, 7)).toBe(true);
  expect(pool.askForRoom(2, 2 * pageBytes, undefined)).toBe(true);
  expect(pool.takeRequest(0)).toEqual({ bytes: 5 * pageBytes, sparing: undefined });
  expect(pool.isAskedForRoom(0)).toBe(false);
  pool.askForRoom(2, 2 * pageBytes, undefined);
  pool.askForRoom(1, 3 * pageBytes, 7);
  expect(pool.takeRequest(0)).toEqual({ bytes: 5 * pageBytes, sparing: 7 });
});

test("a task is always granted its guarantee, whatever the others and storage hold", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom("execution", "storage"),
          fc.nat(2),
          fc.integer({ min: -3 * mebibyte, max: 4 * mebibyte }),
        ),
        {
          maxLength: 60,
        },
      ),
      (steps) => {
        const pool = makePool(3);
        const execution = [0, 1, 2].map((slot) => pool.execution(slot));
        const storage = [0, 1, 2].map((slot) => pool.storage(slot));
        for (const slot of [0, 1, 2]) pool.setActive(slot, true);
        for (const [kind, slot, bytes] of steps) {
          const account = (kind === "execution" ? execution : storage)[slot]!;
          const before = account.bytes;
          if (bytes < 0) account.release(Math.min(-bytes, before));
          else if (account.acquire(bytes)) expect(account.bytes).toBe(before + bytes);
          else {
            expect(account.bytes).toBe(before);
            if (kind === "execution") expect(before + bytes).toBeGreaterThan(pool.guaranteedBytes);
          }
          const total = [...execution, ...storage].reduce((sum, { bytes: held }) => sum + held, 0);
          expect(total).toBeLessThanOrEqual(pool.totalBytes);
          expect(storage.reduce((sum, { bytes: held }) => sum + held, 0)).toBeLessThanOrEqual(pool.storageLimitBytes);
        }
        for (const account of [...execution, ...storage]) account.release(account.bytes);
        expect(pool.usage()).toEqual({ activeSlots: 3, executionBytes: 0, storageBytes: 0 });
      },
    ),
  );
});

test("divides the pool: guarantee, fair share, storage's limit", () => {
  const pool = makePool(2);
  expect(pool.guaranteedBytes).toBe(2 * mebibyte);
  expect(pool.storageLimitBytes).toBe(8 * mebibyte);
  expect(pool.heapBudget).toBe(1000);

  const [first, second] = [pool.execution(0), pool.execution(1)];
  pool.setActive(0, true);
  expect(first.acquire(14 * mebibyte)).toBe(true);
  expect(first.acquire(1)).toBe(false);
  expect(second.acquire(2 * mebibyte)).toBe(true);
  first.release(14 * mebibyte);
  pool.setActive(1, true);
  expect(first.acquire(8 * mebibyte)).toBe(true);
  expect(first.acquire(pageBytes)).toBe(false);
  expect(pool.storage(0).acquire(8 * mebibyte)).toBe(false);
  expect(pool.storage(0).acquire(6 * mebibyte)).toBe(true);
});

test("storage takes what execution leaves, but no more than its limit", () => {
  const storage = makePool(2).storage(1);
  expect(storage.acquire(8 * mebibyte)).toBe(true);
  expect(storage.acquire(1)).toBe(false);
  storage.release(1);
  expect(storage.acquire(1)).toBe(true);
});

test("resetting a slot gives back what its worker held", () => {
  const pool = makePool(2);
  pool.setActive(0, true);
  pool.execution(0).acquire(5 * mebibyte);
  pool.storage(0).acquire(mebibyte);
  pool.storage(1).acquire(mebibyte);
  pool.requestCancel(0, 5);
  pool.reset(0);
  expect(pool.usage()).toEqual({ activeSlots: 0, executionBytes: 0, storageBytes: mebibyte });
  expect(pool.isCancelled(0, 5)).toBe(false);
});

test("releasing more than is held is an error", () => {
  const pool = makePool(1);
  expect(() => pool.execution(0).release(1)).toThrow("GLOAM_INTERNAL");
  expect(() => pool.storage(0).release(1)).toThrow("GLOAM_INTERNAL");
});

test("a cancel flag is seen by its task only", () => {
  const pool = makePool(2);
  expect(pool.isCancelled(0, 0)).toBe(false);
  pool.requestCancel(0, 3_000_000_000);
  expect(pool.isCancelled(0, 3_000_000_000)).toBe(true);
  expect(pool.isCancelled(1, 3_000_000_000)).toBe(false);
  expect(pool.isCancelled(0, 4)).toBe(false);
});

const hammer = `
  const { workerData, parentPort } = require("node:worker_threads");
  import(workerData.module).then(({ attachMemoryPool }) => {
    const pool = attachMemoryPool(workerData.shared);
    const { slot } = workerData;
    const execution = pool.execution(slot);
    const storage = pool.storage(slot);
    pool.setActive(slot, true);
    let state = slot + 1;
    const random = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) / 2 ** 32;
    let broken = 0;
    const ids = [];
    for (let step = 0; step < 100_000 && !pool.isCancelled(slot, 77); step++) {
      const account = random() < 0.5 ? execution : storage;
      if (random() < 0.5) account.release(Math.floor(random() * account.bytes));
      else if (!account.acquire(Math.floor(random() * 400_000)) && account === execution && execution.bytes + 400_000 < pool.guaranteedBytes) broken++;
      if (step % 1000 === 0) ids.push(pool.nextId());
    }
    const held = execution.bytes + storage.bytes;
    if (workerData.leave) return parentPort.postMessage({ broken, ids, held });
    execution.empty();
    storage.release(storage.bytes);
    pool.setActive(slot, false);
    parentPort.postMessage({ broken, ids, held });
  });
`;

test("several threads at once keep the guarantee and the limit, and leave nothing behind", async () => {
  const slots = 4;
  const shared = createMemoryPool({ totalBytes: 8 * mebibyte, slots, heapBudget: 0 });
  const pool = attachMemoryPool(shared);
  const module = new URL("../dist/index.js", import.meta.url).href;
  const reports = Array.from({ length: slots }, (_, slot) => {
    const worker = new Worker(hammer, { eval: true, workerData: { shared, slot, module, leave: slot === 0 } });
    return new Promise<{ broken: number; ids: number[]; held: number }>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  });
  const results = await Promise.all(reports);
  expect(results.map(({ broken }) => broken)).toEqual([0, 0, 0, 0]);
  const ids = results.flatMap((result) => result.ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(pool.usage().activeSlots).toBe(1);
  pool.reset(0);
  expect(pool.usage()).toEqual({ activeSlots: 0, executionBytes: 0, storageBytes: 0 });
});
