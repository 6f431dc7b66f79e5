import { createSecret } from "@gloam/protocol";
import { afterEach, expect, test } from "vitest";
import {
  alterAt,
  cutAfter,
  faultyProxy,
  noFault,
  silentFrom,
  type Fault,
  type FaultyProxy,
} from "../testing/faulty-proxy.ts";
import { OutputSource, patternOf } from "../testing/output-source.ts";
import { BlockClient, type BlockClientOptions } from "./block-client.ts";
import { BlockServer } from "./block-server.ts";

const secret = createSecret();
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const chunks = Array.from({ length: 20 }, (_, chunk) => patternOf(chunk, chunk % 4 === 0 ? 2000 : 300_000));

const chunkBytes = chunks.map(({ length }) => length);

/** What a client gets through a network with these faults: the chunks, the codes of errors. */
async function fetchThrough(
  faults: readonly Fault[],
  options: Partial<BlockClientOptions> = {},
): Promise<{ readonly got: Uint8Array[]; readonly codes: string[]; readonly proxy: FaultyProxy }> {
  const source = new OutputSource(64 * 2 ** 20);
  ends.push(() => source.delete());
  const server = await BlockServer.start({ name: "here", secret, onReleased: () => undefined });
  ends.push(() => server.close());
  const handle = source.write([chunks]);
  for (const slab of source.slabs) server.addSlab(slab);
  server.commit(handle);
  const proxy = await faultyProxy(server.port, faults);
  ends.push(() => proxy.close());
  const client = new BlockClient({ name: "there", secret, ...options });
  ends.push(() => client.close());
  const got: Uint8Array[] = [];
  const codes: string[] = [];
  await new Promise<void>((resolve) => {
    client.fetch(
      { executor: "here", host: "127.0.0.1", port: proxy.port },
      [{ store: handle.store, output: handle.output, segment: 0, from: 0, to: chunks.length, chunkBytes }],
      {
        onFetched: (fetched) => {
          for (const each of fetched) {
            if ("error" in each) codes.push(each.error.code);
            else got.push(...each.chunks);
          }
          if (codes.length > 0 || got.length === chunks.length) resolve();
        },
      },
    );
  });
  return { got, codes, proxy };
}

function expectAll(got: readonly Uint8Array[]): void {
  expect(got).toHaveLength(chunks.length);
  expect(chunks.findIndex((bytes, index) => Buffer.compare(got[index]!, bytes) !== 0)).toBe(-1);
}

test.each([100, 500, 20_000, 1_000_000, 3_000_000])(
  "a connection that is cut after %i bytes is made again",
  async (bytes) => {
    const { got, codes, proxy } = await fetchThrough([cutAfter(bytes), noFault]);
    expect(codes).toEqual([]);
    expectAll(got);
    expect(proxy.connections).toBe(2);
  },
);

test("as often as something comes in between", async () => {
  const { got, codes, proxy } = await fetchThrough([cutAfter(1_500_000)]);
  expect(codes).toEqual([]);
  expectAll(got);
  expect(proxy.connections).toBeGreaterThan(3);
});

test.each([700, 50_000, 1_234_567])(
  "a byte that is altered, at %i, is noticed, and what it belonged to comes again",
  async (position) => {
    const { got, codes, proxy } = await fetchThrough([alterAt(position), noFault]);
    expect(codes).toEqual([]);
    expectAll(got);
    expect(proxy.connections).toBe(2);
  },
);

test("a network that carries nothing through fails in the end", async () => {
  const { got, codes, proxy } = await fetchThrough([cutAfter(700)]);
  expect([got.length, codes, proxy.connections]).toEqual([0, ["GLOAM_FETCH_FAILED"], 4]);
});

test("silence is waited for so long, then tried again, then fails", async () => {
  const begin = performance.now();
  const { codes, proxy } = await fetchThrough([silentFrom(700)], { answerTimeout: 200 });
  expect([codes, proxy.connections]).toEqual([["GLOAM_FETCH_FAILED"], 4]);
  expect(performance.now() - begin).toBeGreaterThan(800);
});

test("silence in the middle costs nothing but time", async () => {
  const { got, codes } = await fetchThrough([silentFrom(2_000_000), noFault], { answerTimeout: 200 });
  expect(codes).toEqual([]);
  expectAll(got);
});
