import { collectGarbage } from "@gloam/common";
import { GloamContext, type Broadcast } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

const mebibyte = 2 ** 20;

/** Executors of one slot, all there. */
async function executors(count: number, conf: Record<string, string | number | boolean> = {}): Promise<GloamContext> {
  const gc = new GloamContext({ master: `local-cluster[${count},1,512]`, conf });
  await gc.ready();
  while ((await gc.statusTracker.executors()).length < count) await sleep(20);
  return gc;
}

function bytesOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 4096) bytes[i] = i / 4096;
  return bytes;
}

/** Reads it on every executor at the same time; gives the sums that they see, by process. */
async function readEverywhere(gc: GloamContext, broadcast: Broadcast<Uint8Array>, count: number): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (let round = 0; round < 50 && found.size < count; round++) {
    const sums = await gc
      .range(0, count, { partitions: count })
      .map(() => {
        const { value } = broadcast;
        let sum = value.length;
        for (let i = 0; i < value.length; i += 4096) sum += value[i]!;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
        return [process.pid, sum] as const;
      })
      .collect();
    for (const [pid, sum] of sums) found.set(pid, sum);
  }
  return found;
} // prettier-ignore

function sumOf(bytes: Uint8Array): number {
  return bytes.reduce((a, b) => a + b, bytes.length);
}

test.each([
  ["plain", {}],
  ["over TLS", { "network.tls.enabled": true }],
  ["compressed", { "network.compression": "deflate" }],
])("executors pass pieces on to each other, and the driver sends each twice at most: %s", async (_, conf) => {
  await using gc = await executors(4, {
    "broadcast.blockSize": "256k",
    "executor.heartbeatInterval": "200ms",
    ...conf,
  });
  const bytes = bytesOf(10 * mebibyte);
  const broadcast = gc.broadcast(bytes);
  const found = await readEverywhere(gc, broadcast, 4);
  expect([...found.values()]).toEqual(Array.from({ length: 4 }, () => sumOf(bytes)));
  const { servedBytes } = await gc.statusTracker.driverTraffic();
  expect(servedBytes).toBeLessThan(2 * 10.1 * mebibyte);
  if (!("network.compression" in conf)) {
    expect(servedBytes).toBeGreaterThan(10 * mebibyte);
    const passedOn = async (): Promise<number> =>
      (await gc.statusTracker.executors()).reduce((sum, each) => sum + each.servedBytes, 0);
    // They say so with their next heartbeats. Four have it, of which the driver sent two at most.
    for (let wait = 0; wait < 100 && (await passedOn()) < 40 * mebibyte - servedBytes; wait++) await sleep(50);
    expect((await passedOn()) + servedBytes).toBeGreaterThanOrEqual(40 * mebibyte);
  }
  // Nothing is sent again.
  await readEverywhere(gc, broadcast, 4);
  expect((await gc.statusTracker.driverTraffic()).servedBytes).toBe(servedBytes);
});

test("executors that start later get it from the others, also when whoever got it first is gone", async () => {
  await using gc = await executors(2, { "broadcast.blockSize": "256k" });
  const bytes = bytesOf(4 * mebibyte);
  const broadcast = gc.broadcast(bytes);
  const [first] = (await readEverywhere(gc, broadcast, 2)).keys();
  process.kill(first!, "SIGKILL");
  const found = await readEverywhere(gc, broadcast, 2);
  expect([...found.values()].every((sum) => sum === sumOf(bytes))).toBe(true);
  for (const pid of found.keys()) if (pid !== first) process.kill(pid, "SIGKILL");
  expect([...(await readEverywhere(gc, broadcast, 2)).values()].every((sum) => sum === sumOf(bytes))).toBe(true);
});

test("executors free it on request, and when nobody can read it any more", async () => {
  await using gc = await executors(1, { "executor.heartbeatInterval": "50ms" });
  const resident = async (): Promise<number> => (await gc.statusTracker.executors())[0]!.residentBytes;
  const size = 256 * mebibyte;
  const until = async (isSo: (bytes: number) => boolean): Promise<void> => {
    for (let wait = 0; wait < 100 && !isSo(await resident()); wait++) await sleep(50);
    expect(await resident()).toSatisfy(isSo);
  };
  const read = async (broadcast: Broadcast<Uint8Array>): Promise<void> => {
    expect(await gc.range(1).map(() => broadcast.value.length).collect()).toEqual([size]); // prettier-ignore
  };
  const small = gc.broadcast(new Uint8Array(mebibyte));
  await gc.range(1).map(() => small.value.length).collect(); // prettier-ignore
  await sleep(200);
  const before = await resident();
  const isThere = (bytes: number): boolean => bytes > before + size * 0.8;
  const isFreed = (bytes: number): boolean => bytes < before + size * 0.6;
  const bytes = new Uint8Array(size).fill(1);
  const kept = gc.broadcast(bytes);
  await read(kept);
  await until(isThere);
  kept.unpersist();
  await until(isFreed);
  await read(kept);
  await until(isThere);
  kept.destroy();
  await until(isFreed);
  const forget = (): Promise<void> => read(gc.broadcast(bytes));
  await forget();
  await until(isThere);
  // The RDD goes first, then its function, then what that captured.
  for (let round = 0; round < 5; round++) {
    await sleep(50);
    collectGarbage();
  }
  await until(isFreed);
});

test("a task that waits for a broadcast can be cancelled", async () => {
  await using gc = await executors(1, { "broadcast.blockSize": "64k" });
  const broadcast = gc.broadcast(bytesOf(64 * mebibyte));
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(), 20);
  const began = performance.now();
  await gc.range(1).map(() => broadcast.value.length).collect({ signal: cancel.signal }).catch(() => undefined); // prettier-ignore
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await gc.range(1).map(() => broadcast.value.length).collect()).toEqual([64 * mebibyte]); // prettier-ignore
});
