import { connect, createSecret, packMessage, type Connection } from "@gloam/protocol";
import type { OutputHandle } from "@gloam/storage";
import fc from "fast-check";
import { closeSync, openSync, unlinkSync, writeSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { everyCodec } from "../testing/every-codec.ts";
import { OutputSource, patternOf } from "../testing/output-source.ts";
import { BlockClient } from "./block-client.ts";
import type { BlockCodec } from "./block-codec.ts";
import type { FetchedPart } from "./block-fetch.ts";
import { encodeRequest, type WantedPart } from "./block-messages.ts";
import { BlockServer } from "./block-server.ts";
import { chunkBytesOf, compactIndex } from "./compact-index.ts";
import { mostWaiting } from "./served-connection.ts";
import type { OutputName } from "./served-outputs.ts";

const secret = createSecret();
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Fixture {
  readonly source: OutputSource;
  readonly server: BlockServer;
  readonly client: BlockClient;
  readonly released: OutputName[];
  /** Commits an output and serves it. */
  readonly commit: (segments: readonly (readonly Uint8Array[])[]) => OutputHandle;
  readonly fetch: (parts: readonly WantedPart[]) => Promise<(Uint8Array[] | string)[]>;
}

async function serve(memoryBytes = 64 * 2 ** 20, codec?: BlockCodec): Promise<Fixture> {
  const source = new OutputSource(memoryBytes);
  ends.push(() => source.delete());
  const released: OutputName[] = [];
  const server = await BlockServer.start({
    ...{ name: "here", secret, codec },
    onReleased: (output) => released.push(output),
  });
  ends.push(() => server.close());
  const client = new BlockClient({ name: "there", secret, codec });
  ends.push(() => client.close());
  let slabs = 0;
  return {
    ...{ source, server, client, released },
    commit: (segments) => {
      const handle = source.write(segments);
      for (const slab of source.slabs.slice(slabs)) server.addSlab(slab);
      slabs = source.slabs.length;
      server.commit(handle);
      return handle;
    },
    fetch: (parts) => fetchAll(client, server.port, parts),
  };
}

/** Each part's chunks, or the code of its error. */
function fetchAll(client: BlockClient, port: number, parts: readonly WantedPart[]): Promise<(Uint8Array[] | string)[]> {
  const results: (Uint8Array[] | string)[] = parts.map(() => []);
  let open = parts.length;
  const take = (fetched: FetchedPart): void => {
    const { from, to } = parts[fetched.part]!;
    const chunks = results[fetched.part] as Uint8Array[];
    if ("error" in fetched) results[fetched.part] = fetched.error.code;
    else {
      expect(fetched.from).toBe(from + chunks.length);
      if (fetched.chunks.some(({ byteOffset }) => byteOffset % 8 !== 0)) throw new Error("a chunk is not aligned");
      chunks.push(...fetched.chunks);
    }
    if ("error" in fetched || from + chunks.length === to) open--;
  };
  return new Promise((resolve) => {
    client.fetch({ executor: "here", host: "127.0.0.1", port }, parts, {
      onFetched: (fetched) => {
        fetched.forEach(take);
        if (open === 0) resolve(results);
      },
    });
  });
}

function part(handle: OutputHandle, segment: number, from: number, to: number): WantedPart {
  const chunkBytes = chunkBytesOf(compactIndex(handle), segment).slice(from, to);
  return { store: handle.store, output: handle.output, segment, from, to, chunkBytes };
}

function expectEqual(chunks: Uint8Array[] | string, expected: readonly Uint8Array[]): void {
  expect(chunks).toHaveLength(expected.length);
  const differing = expected.findIndex((bytes, index) => Buffer.compare(chunks[index] as Uint8Array, bytes) !== 0);
  expect(differing).toBe(-1);
}

const places = [
  ["memory", 256 * 2 ** 20],
  ["files", 0],
  ["memory and files", 2 ** 20],
] as const;
const manners = [["as they are", undefined] as const, ...everyCodec.map((codec) => [codec.name, codec] as const)];

describe.each(
  places.flatMap(([place, bytes]) => manners.map(([manner, codec]) => [place, manner, bytes, codec] as const)),
)("outputs in %s, sent %s", (_place, _manner, memoryBytes, codec) => {
  test("are served in any ranges", async () => {
    const { commit, fetch } = await serve(memoryBytes, codec);
    const sizes = [0, 1, 7, 8, 1000, 48 * 1024 - 1, 48 * 1024, 200_000, 1_500_000];
    const model = [0, 1, 2].map((output) =>
      [0, 1, 2, 3].map((segment) =>
        Array.from({ length: (output * 5 + segment * 7) % 11 }, (_, chunk) =>
          // Some of them can be compressed.
          patternOf(output * 100 + segment * 20 + chunk, sizes[(output + segment + chunk) % sizes.length]!).map(
            (byte) => (segment % 2 === 0 ? byte : byte % 8),
          ),
        ),
      ),
    );
    const handles = model.map((segments) => commit(segments));
    const filled = model.flatMap((segments, output) =>
      segments.flatMap((chunks, segment) => (chunks.length > 0 ? [{ output, segment, chunks }] : [])),
    );
    const range = fc
      .tuple(fc.constantFrom(...filled), fc.nat(), fc.nat())
      .map(([{ output, segment, chunks }, first, length]) => {
        const from = first % chunks.length;
        return { output, segment, from, to: from + 1 + (length % (chunks.length - from)) };
      });
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 12 }), async (ranges) => {
        const results = await fetch(
          ranges.map(({ output, segment, from, to }) => part(handles[output]!, segment, from, to)),
        );
        ranges.forEach(({ output, segment, from, to }, index) =>
          expectEqual(results[index]!, model[output]![segment]!.slice(from, to)),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("share messages where they are tiny", async () => {
    const { commit, fetch, server } = await serve(memoryBytes, codec);
    const model = Array.from({ length: 50 }, (_, output) =>
      Array.from({ length: 100 }, (__, segment) => [patternOf(output * 100 + segment, 40 + (segment % 30))]),
    );
    const handles = model.map((segments) => commit(segments));
    const parts = handles.flatMap((handle, output) => model[output]!.map((_, segment) => part(handle, segment, 0, 1)));
    const results = await fetch(parts);
    model.flat().forEach((chunks, index) => expectEqual(results[index]!, chunks));
    expect(server.connections).toBe(1);
  });
});

test("what is unknown, freed or shorter fails alone, with its code", async () => {
  const { commit, fetch, server } = await serve();
  const kept = commit([[patternOf(1, 100)], [patternOf(2, 100), patternOf(3, 50)]]);
  const freed = commit([[patternOf(4, 100)]]);
  server.free(freed);
  const results = await fetch([
    part(kept, 0, 0, 1),
    part(freed, 0, 0, 1),
    part(kept, 1, 0, 3),
    part(kept, 7, 0, 1),
    part({ ...kept, output: 99 }, 0, 0, 1),
    part(kept, 1, 1, 2),
  ]);
  expect(results.filter((each) => typeof each === "string")).toEqual(Array(4).fill("GLOAM_FETCH_FAILED"));
  expectEqual(results[0]!, [patternOf(1, 100)]);
  expectEqual(results[5]!, [patternOf(3, 50)]);
});

test("damaged and lost files fail alone, after the chunks before the damage", async () => {
  const { commit, client, server } = await serve(0);
  const chunks = [patternOf(1, 60_000), patternOf(2, 5000), patternOf(3, 60_000), patternOf(4, 5000)];
  const damaged = commit([chunks]);
  const lost = commit([chunks]);
  const short = commit([chunks]);
  const whole = commit([chunks]);
  const file = openSync(damaged.file!, "r+");
  writeSync(file, Uint8Array.of(77, 78), 0, 2, 66_000);
  closeSync(file);
  unlinkSync(lost.file!);
  const truncated = openSync(short.file!, "w");
  closeSync(truncated);
  const arrived: number[] = [];
  const codes: unknown[] = [];
  await new Promise<void>((resolve) => {
    client.fetch(
      { executor: "here", host: "127.0.0.1", port: server.port },
      [damaged, lost, short, whole].map((handle) => part(handle, 0, 0, 4)),
      {
        onFetched: (fetched) => {
          for (const each of fetched) {
            if ("error" in each) codes[each.part] = each.error.code;
            else arrived[each.part] = (arrived[each.part] ?? 0) + each.chunks.length;
          }
          if (codes.length === 3 && arrived[3] === 4) resolve();
        },
      },
    );
  });
  expect(codes).toEqual(["GLOAM_BLOCK_CORRUPT", "GLOAM_FETCH_FAILED", "GLOAM_BLOCK_CORRUPT"]);
  expect(arrived[0]).toBe(2);
});

describe("a reader that does not read", () => {
  /** A connection over which much is asked for, and nothing is read. */
  async function stuck({ server, commit }: Fixture): Promise<{
    readonly connection: Connection;
    readonly handle: OutputHandle;
    /** Bytes of memory that it took. */
    readonly bytes: number;
  }> {
    const handle = commit([Array.from({ length: 40 }, (_, chunk) => patternOf(chunk, 500_000))]);
    const connection = await connect({
      host: "127.0.0.1",
      port: server.port,
      secret,
      introduction: { purpose: "blocks", from: "there", to: "here" },
    });
    ends.push(() => connection.terminate());
    connection.pause();
    const before = process.memoryUsage().arrayBuffers;
    const { store, output } = handle;
    for (let id = 0; id < 20; id++) {
      connection.send(encodeRequest({ id, parts: [{ store, output, segment: 0, from: 0, to: 40 }] }));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { connection, handle, bytes: process.memoryUsage().arrayBuffers - before };
  }

  test("holds what it was sent until it reads or goes, and little of it", async () => {
    const fixture = await serve();
    const { connection, handle, bytes } = await stuck(fixture);
    expect(bytes).toBeLessThan(2 * mostWaiting);
    fixture.server.free(handle);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(fixture.released).toEqual([]);
    connection.terminate();
    await expect.poll(() => fixture.released).toEqual([{ store: handle.store, output: handle.output }]);
    expect(fixture.server.connections).toBe(0);
  });

  test("gets the rest when it reads on, but nothing of what was freed before it was sent", async () => {
    const fixture = await serve();
    const { connection, handle } = await stuck(fixture);
    fixture.server.free(handle);
    let bytes = 0;
    connection.observe({
      onMessage: ({ attachments }) => attachments.forEach(({ length }) => (bytes += length)),
      onClose: () => undefined,
    });
    connection.resume();
    await expect.poll(() => fixture.released).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(bytes).toBeGreaterThan(mostWaiting / 2);
    // 400 MB were asked for.
    expect(bytes).toBeLessThan(20_000_000);
  });
});

test.each(everyCodec)("what can be compressed with $name is", async (codec) => {
  const { commit, fetch, server } = await serve(64 * 2 ** 20, codec);
  const chunks = Array.from({ length: 30 }, (_, chunk) => patternOf(chunk, 100_000).map((byte) => byte % 4));
  const handle = commit([chunks]);
  const connection = await connect({
    ...{ host: "127.0.0.1", port: server.port, secret },
    introduction: { purpose: "blocks", from: "there", to: "here" },
  });
  ends.push(() => connection.terminate());
  const got: number[] = [];
  connection.observe({
    onMessage: ({ attachments }) => got.push(...attachments.map(({ length }) => length)),
    onClose: () => undefined,
  });
  const { store, output } = handle;
  connection.send(
    encodeRequest({ id: 1, codec: codec.name, parts: [{ store, output, segment: 0, from: 0, to: chunks.length }] }),
  );
  // A message for each MiB of 3 MB, of which two bits of each byte are no zeros.
  await expect.poll(() => got).toHaveLength(3);
  const bytes = got.reduce((sum, each) => sum + each, 0);
  expect(bytes).toBeLessThan(1_200_000);
  expectEqual((await fetch([part(handle, 0, 0, chunks.length)]))[0]!, chunks);
});

test("memory may be used again only after its last bytes were sent", async () => {
  const fixture = await serve();
  const chunks = Array.from({ length: 10 }, (_, chunk) => patternOf(chunk, 700_000));
  const handle = fixture.commit([chunks]);
  const fetched = fixture.fetch([part(handle, 0, 0, 10)]);
  const timer = setInterval(() => {
    if (fixture.released.length === 0) return;
    clearInterval(timer);
    fixture.source.free(handle);
    fixture.source.write([chunks.map(({ length }) => new Uint8Array(length).fill(255))]);
  }, 1);
  await expect.poll(() => fixture.client.remotes).toBe(1);
  setTimeout(() => fixture.server.free(handle), 15);
  const [result] = await fetched;
  if (typeof result === "string") expect(result).toBe("GLOAM_FETCH_FAILED");
  else expectEqual(result!, chunks);
  await expect.poll(() => fixture.released).toHaveLength(1);
});

test("what is no request ends its connection, and no other", async () => {
  const { server, commit, fetch } = await serve();
  const handle = commit([[patternOf(1, 100)]]);
  await fetch([part(handle, 0, 0, 1)]);
  const requests = [
    ...[new Uint8Array(), Uint8Array.of(0xc1), encodeRequest({ cancel: -1 }), Buffer.from("parts")],
    // Whoever wants what is not to be had here is told at once, and not sent what he may not expect.
    encodeRequest({ id: 1, codec: "deflate", parts: [{ store: 1, output: 1, segment: 0, from: 0, to: 1 }] }),
    packMessage({ id: 1, codec: "lzma", parts: [{ store: 1, output: 1, segment: 0, from: 0, to: 1 }] }),
  ];
  for (const bytes of requests) {
    const connection = await connect({
      host: "127.0.0.1",
      port: server.port,
      secret,
      introduction: { purpose: "blocks", from: "there", to: "here" },
    });
    const closed = new Promise((resolve) => connection.observe({ onMessage: () => undefined, onClose: resolve }));
    connection.send(bytes);
    expect(await closed).toMatchObject({ code: "GLOAM_CONNECTION_LOST" });
  }
  expect(server.connections).toBe(1);
  expectEqual((await fetch([part(handle, 0, 0, 1)]))[0]!, [patternOf(1, 100)]);
});

test("a connection for something else is refused", async () => {
  const { server } = await serve();
  const introduction = { purpose: "control", from: "there", to: "here" } as const;
  await expect(connect({ host: "127.0.0.1", port: server.port, secret, introduction })).rejects.toMatchObject({
    code: "GLOAM_AUTH_FAILED",
  });
});
