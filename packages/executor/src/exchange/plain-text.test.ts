import { createSecret } from "@gloam/protocol";
import { generate } from "selfsigned";
import { afterEach, expect, test } from "vitest";
import { faultyProxy } from "../testing/faulty-proxy.ts";
import { OutputSource } from "../testing/output-source.ts";
import { BlockClient } from "./block-client.ts";
import { BlockServer } from "./block-server.ts";

const secret = createSecret();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const word = "a-word-that-nobody-else-says";
const chunk = new TextEncoder().encode(`${word} `.repeat(1000));

/** Fetches a block of that text; gives what passed over the wire from its executor. */
async function overheard(tls?: { readonly cert: string; readonly key: string; readonly ca: string }): Promise<Buffer> {
  const source = new OutputSource(2 ** 20);
  ends.push(() => source.delete());
  const server = await BlockServer.start({ name: "here", secret, tls, onReleased: () => undefined });
  ends.push(() => server.close());
  const handle = source.write([[chunk]]);
  for (const slab of source.slabs) server.addSlab(slab);
  server.commit(handle);
  const passed: Buffer[] = [];
  const proxy = await faultyProxy(server.port, [
    (data) => {
      passed.push(Buffer.from(data));
      return data;
    },
  ]);
  ends.push(() => proxy.close());
  const client = new BlockClient({ name: "there", secret, tls });
  ends.push(() => client.close());
  const got = await new Promise<Uint8Array>((resolve, reject) => {
    client.fetch(
      { executor: "here", host: "127.0.0.1", port: proxy.port },
      [{ store: handle.store, output: handle.output, segment: 0, from: 0, to: 1, chunkBytes: [chunk.length] }],
      {
        onFetched: ([fetched]) => {
          if (fetched === undefined || "error" in fetched) reject(new Error("not fetched"));
          else resolve(fetched.chunks[0] as Uint8Array);
        },
      },
    );
  });
  expect(Buffer.compare(got, chunk)).toBe(0);
  return Buffer.concat(passed);
}

test("blocks pass as they are without TLS, and unreadably with it", async () => {
  expect((await overheard()).includes(word)).toBe(true);
  const { cert, private: key } = await generate([{ name: "commonName", value: "gloam" }], { algorithm: "sha256" });
  const encrypted = await overheard({ cert, key, ca: cert });
  expect(encrypted.length).toBeGreaterThan(chunk.length);
  expect(encrypted.includes(word)).toBe(false);
});
