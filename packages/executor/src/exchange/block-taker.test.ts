import { openSegment, SlabRegistry, type OutputHandle } from "@gloam/storage";
import { MessageChannel } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { IoThread, ServingExecutor } from "../testing/io-thread.ts";
import { OutputSource, patternOf } from "../testing/output-source.ts";
import { BlockTaker } from "./block-taker.ts";
import { createExchangeSignal } from "./exchange-signal.ts";

const inMemory = new ServingExecutor("memory", 64 * 2 ** 20);
const onDisk = new ServingExecutor("disk", 0);
const own = new IoThread("own");
const store = new OutputSource(2 ** 20);
const { port1, port2 } = new MessageChannel();
let taker: BlockTaker;

beforeAll(async () => {
  await Promise.all([inMemory.start(), onDisk.start(), own.port()]);
  own.send({ type: "worker", port: port2, signal: createExchangeSignal() }, [port2]);
  taker = new BlockTaker({ port: port1, create: (segments) => store.create(segments), mostBytes: 100_000 });
});

afterAll(async () => {
  port1.close();
  await Promise.all([inMemory.end(), onDisk.end(), own.terminate()]);
  store.delete();
});

/** Segments of different numbers of chunks, some of them empty, and a chunk that is larger than what may be under way. */
const segments = [3, 0, 40, 1, 0, 7].map((chunks, segment) =>
  Array.from({ length: chunks }, (_, chunk) => patternOf(segment * 100 + chunk, chunk === 5 ? 200_000 : 9000 + chunk)),
);

/** Lengths and checksums of the chunks of each segment. */
const digests = (chunks: readonly (readonly Uint8Array[])[]) =>
  chunks.map((segment) => segment.map((chunk) => [chunk.length, crc32(chunk)]));
const expected = digests(segments);

function contents(handle: OutputHandle) {
  const slabs = new SlabRegistry();
  for (const slab of store.slabs) slabs.add(slab);
  const chunks = segments.map((_, segment) => {
    const reader = openSegment(handle, segment, slabs);
    const read = Array.from({ length: reader.chunks }, (__, chunk) => reader.chunk(chunk).slice());
    reader.close();
    return read;
  });
  return digests(chunks);
}

test.each([
  ["memory", inMemory],
  ["files", onDisk],
])("copies outputs from %s of another executor, in memory and on disk when that is full", async (_where, executor) => {
  const outputs = [1, 2, 3].map(() => executor.commit(segments).output);
  const copies = await Promise.all(outputs.map((output) => taker.take(output)));
  for (const copy of copies) expect(contents(copy)).toEqual(expected);
  expect(copies.some(({ file }) => file !== undefined)).toBe(true);
  for (const copy of copies) store.free(copy);
});

test("an empty output is copied as one", async () => {
  const copy = await taker.take(inMemory.commit([[]]).output);
  expect(copy.extents).toHaveLength(0);
  store.free(copy);
});

test("what is not there leaves nothing behind, and the next goes on", async () => {
  const lost = inMemory.commit(segments);
  inMemory.thread.send({ type: "freed", outputs: [{ store: lost.output.store, output: lost.output.output }] });
  const there = inMemory.commit(segments).output;
  const taking = [lost.output, { ...there, index: Uint8Array.of(0, 9) }, there].map((output) => taker.take(output));
  await expect(taking[0]).rejects.toMatchObject({ code: "GLOAM_FETCH_FAILED" });
  await expect(taking[1]).rejects.toMatchObject({ code: "GLOAM_BLOCK_CORRUPT" });
  const copy = await taking[2]!;
  expect(contents(copy)).toEqual(expected);
  store.free(copy);
  expect(store.usage()).toMatchObject({ outputs: 0, openOutputs: 0, memoryBytes: 0, diskBytes: 0 });
});
