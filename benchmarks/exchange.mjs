/**
 * Measures how fast blocks go from one executor to another, between two processes over the loopback interface: a process
 * serves from shared memory, and a thread of this one reads, as a task does, or fetches without a worker in between.
 *
 *     node benchmarks/exchange.mjs [--bytes 2e9] [--chunk 1048576] [--tls] [--direct]
 *
 * Prints MB/s, and the CPU time of both processes for each byte. All combinations, without options.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { MessageChannel, Worker } from "node:worker_threads";
import { BlockClient, createExchangeSignal, createTrafficCounters, WorkerExchange } from "@gloam/executor/blocks";
import { attachMemoryPool, BlockStore, createMemoryPool, ScratchDirectory, SlabAllocator } from "@gloam/storage";

/** Bytes that are served, over and over. */
const servedBytes = 64 * 2 ** 20;
const secret = new Uint8Array(32).fill(7);
const entry = new URL(import.meta.resolve("@gloam/executor/exchange"));

if (process.send !== undefined) await serve(JSON.parse(process.argv[2]));
else {
  const { values } = parseArgs({
    options: {
      bytes: { type: "string", default: "1e9" },
      chunk: { type: "string" },
      tls: { type: "boolean" },
      direct: { type: "boolean" },
    },
  });
  for (const chunkBytes of values.chunk === undefined ? [2 ** 20, 10 * 1024] : [Number(values.chunk)]) {
    for (const tls of values.tls === undefined ? [false, true] : [values.tls]) {
      for (const direct of values.direct === undefined ? [false, true] : [values.direct]) {
        await measure({ bytes: Number(values.bytes), chunkBytes, tls, direct });
      }
    }
  }
}

/** An executor's process: an I/O thread, and outputs of a hundred segments of one chunk. */
async function serve({ chunkBytes, tls }) {
  const io = new Worker(entry, { workerData: { executor: "server", secret, tls, traffic: createTrafficCounters() } });
  const [ready] = await once(io, "message");
  const pool = attachMemoryPool(createMemoryPool({ totalBytes: 4 * servedBytes, slots: 1, heapBudget: 0 }));
  const store = new BlockStore({
    id: 1,
    memory: pool.storage(0),
    slabs: new SlabAllocator({
      nextId: () => pool.nextId(),
      onSlab: ({ id, buffer }) => io.postMessage({ type: "slab", id, buffer }),
    }),
    directory: new ScratchDirectory({ path: "/nonexistent", prefix: "t" }),
    checksumMemory: false,
  });
  const chunk = new Uint8Array(chunkBytes).map((_, index) => index * 7);
  const segments = 100;
  const names = [];
  for (let bytes = 0; bytes < servedBytes; bytes += segments * chunkBytes) {
    const writer = store.create(segments);
    for (let segment = 0; segment < segments; segment++) writer.append(segment, chunk);
    const { handle } = writer.commit();
    io.postMessage({ type: "committed", handles: [handle] });
    for (let segment = 0; segment < segments; segment++) names.push([handle.store, handle.output, segment]);
  }
  process.on("message", () => process.send(process.cpuUsage()));
  process.on("disconnect", () => void io.terminate());
  process.send({ port: ready.port, names });
}

async function measure({ bytes, chunkBytes, tls: secure, direct }) {
  const tls = secure ? await certificate() : undefined;
  const server = fork(fileURLToPath(import.meta.url), [JSON.stringify({ chunkBytes, tls })]);
  const [{ port, names }] = await once(server, "message");
  const address = { executor: "server", host: "127.0.0.1", port };
  const rounds = Math.ceil(bytes / (names.length * chunkBytes));
  const reader = await (direct
    ? directReader(address, names, chunkBytes, tls)
    : workerReader(address, names, chunkBytes, tls));
  const cpuOfServer = async () => {
    server.send("cpu");
    const [{ user, system }] = await once(server, "message");
    return user + system;
  };
  const cpuOfClient = () => process.cpuUsage().user + process.cpuUsage().system;
  await reader.read(1);
  const before = [await cpuOfServer(), cpuOfClient()];
  const begin = performance.now();
  const read = await reader.read(rounds);
  const seconds = (performance.now() - begin) / 1000;
  const after = [await cpuOfServer(), cpuOfClient()];
  const [serving, fetching] = after.map((microseconds, index) => ((microseconds - before[index]) * 1000) / read);
  const size = chunkBytes >= 2 ** 20 ? `${chunkBytes / 2 ** 20} MiB` : `${chunkBytes / 1024} KiB`;
  console.log(
    `${size} chunks, ${secure ? "TLS" : "authenticated"}, ${direct ? "fetched" : "read by a worker"}: ` +
      `${(read / 1e6 / seconds).toFixed(0)} MB/s, CPU ${serving.toFixed(2)} ns/B serving, ${fetching.toFixed(2)} ns/B fetching`,
  );
  await reader.close();
  server.disconnect();
  await once(server, "exit");
}

/** Reads as a task does: this thread waits, an I/O thread fetches. */
async function workerReader(address, names, chunkBytes, tls) {
  const io = new Worker(entry, { workerData: { executor: "client", secret, tls, traffic: createTrafficCounters() } });
  await once(io, "message");
  const { port1, port2 } = new MessageChannel();
  const signal = createExchangeSignal();
  io.postMessage({ type: "worker", port: port2, signal }, [port2]);
  const exchange = new WorkerExchange({ port: port1, signal, isCancelled: () => false });
  const memory = { guaranteed: 1e9, acquire: () => true, release: () => undefined };
  const remotes = names.map(([store, output, segment]) => {
    return { ...address, store, output, segment, chunkBytes: [chunkBytes] };
  });
  return {
    read: async (rounds) => {
      let bytes = 0;
      for (let round = 0; round < rounds; round++) {
        exchange.prefetch(remotes, memory);
        for (const remote of remotes) bytes += exchange.open(remote, memory).chunk(0).length;
        exchange.endTask();
      }
      return bytes;
    },
    close: () => io.terminate(),
  };
}

/** Fetches in this thread, with as much under way as a worker has. */
async function directReader(address, names, chunkBytes, tls) {
  const client = new BlockClient({ name: "client", secret, tls: tls && {} });
  const parts = names.map(([store, output, segment]) => ({
    store,
    output,
    segment,
    from: 0,
    to: 1,
    chunkBytes: [chunkBytes],
  }));
  const group = Math.ceil(parts.length / 8);
  return {
    read: (rounds) =>
      new Promise((resolve, reject) => {
        let bytes = 0;
        let left = rounds * parts.length;
        let next = 0;
        const fetch = () => {
          const asked = parts.slice(next, next + group);
          next = next + group >= parts.length ? 0 : next + group;
          let open = asked.length;
          client.fetch(address, asked, {
            onFetched: (fetched) => {
              for (const { chunks, error } of fetched) {
                if (error !== undefined) reject(new Error("a part failed", { cause: error }));
                bytes += chunks[0].length;
              }
              open -= fetched.length;
              left -= fetched.length;
              if (left === 0) resolve(bytes);
              else if (open === 0 && left > asked.length) fetch();
            },
          });
        };
        fetch();
        fetch();
      }),
    close: async () => client.close(),
  };
}

async function certificate() {
  const { generate } = await import("selfsigned");
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256" });
  return { cert, key };
}
