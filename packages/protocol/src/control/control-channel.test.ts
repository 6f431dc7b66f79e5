import fc from "fast-check";
import { expect, test } from "vitest";
import { packMessage, unpackMessage } from "../wire/message-pack.ts";
import { controlBounds } from "../wire/message-pack-bounds.ts";
import { readFromExecutor, readToExecutor } from "./control-channel.ts";
import type { FromExecutor } from "./from-executor.ts";
import type { ToExecutor } from "./to-executor.ts";

const bytes = Uint8Array.of(1, 2, 3);
const output = { store: 1, output: 2, index: bytes };
const invalid = expect.objectContaining({ code: "GLOAM_FRAME_INVALID" }) as Error;

const path = `${"0a".repeat(8)}/${"1b".repeat(16)}.mjs`;

const commands: ToExecutor[] = [
  {
    type: "module",
    path,
    hash: "2c".repeat(32),
    source: bytes,
    home: "/project",
    packages: ["left-pad", "@scope/x.y"],
  },
  { type: "stage", stage: 1, shuffleMap: true, code: bytes },
  {
    type: "stage",
    stage: 2,
    shuffleMap: false,
    code: bytes,
    modules: { names: [{ url: "file:///project/words.ts", path }], isMapped: true },
  },
  { type: "forgetStages", stages: [1, 2] },
  {
    type: "mapOutputs",
    shuffle: 7,
    addresses: [{ executor: "executor-2", host: "10.0.0.1", port: 5000 }],
    outputs: [
      { partition: 0, task: 2, place: { store: 1, output: 1 } },
      { partition: 1, task: 3, place: { store: 1, output: 2, remote: { at: 0, index: bytes } }, sketch: bytes },
    ],
  },
  { type: "forgetShuffles", shuffles: [7] },
  {
    type: "task",
    task: {
      task: 5,
      stage: 1,
      partition: 0,
      attempt: 3,
      slot: 1,
      payloads: bytes,
      shuffles: [7],
      addresses: [],
      cached: [{ node: 4, partition: 0, place: { store: 1, output: 1 }, computedBy: 2 }],
    },
  },
  { type: "kill", task: 5 },
  { type: "commit", task: 5, granted: false },
  { type: "free", outputs: [{ store: 1, output: 2 }] },
  { type: "dropCached", blocks: [{ node: 1, partition: 2, place: { store: 1, output: 2 } }] },
  { type: "take", move: 3, from: { executor: "executor-2", host: "10.0.0.1", port: 5000 }, output },
  {
    ...{ type: "take", move: 4, from: { executor: "executor-2", host: "10.0.0.1", port: 5000 }, output },
    cached: { node: 1, partition: 2, level: "MEMORY_ONLY_2" },
  },
  { type: "broadcast", broadcast: 3, bytes: 2 ** 33, headBytes: 12, pieceBytes: 2 ** 22, checksums: bytes },
  { type: "fetchPieces", broadcast: 3, pieces: [0, 7], from: { executor: "executor-2", host: "10.0.0.1", port: 5000 } },
  { type: "fetchPieces", broadcast: 3, pieces: [1] },
  { type: "broadcastFailed", broadcast: 3, error: bytes },
  { type: "dropBroadcasts", broadcasts: [3, 4] },
  { type: "alive" },
  { type: "stop" },
];

const traffic = { fetchedBytes: 2 ** 41, servedBytes: 0, evictedBlocks: 1 };

const reports: FromExecutor[] = [
  { type: "registered", slots: 2, host: "localhost", blockPort: 40_000, process: 17, node: "v20" },
  {
    type: "finished",
    task: 5,
    outcome: { kind: "output", output, sizes: bytes, sketch: bytes },
    blocks: [{ node: 1, partition: 0, worker: 1, level: "DISK_ONLY", output }],
    traffic,
  },
  { type: "dropped", blocks: [{ node: 1, partition: 0, place: { store: 1, output: 3 } }] },
  { type: "finished", task: 5, outcome: { kind: "result", bytes, encoded: true }, blocks: [], traffic },
  { type: "finished", task: 5, outcome: { kind: "storedResult", output, encoded: true }, blocks: [], traffic },
  {
    type: "failed",
    task: 5,
    failure: { kind: "exception", error: bytes, operation: 2 },
    blocks: [],
    traffic,
  },
  {
    type: "failed",
    task: 5,
    failure: { kind: "fetchFailed", shuffle: 1, mapPartition: 2, mapTask: 3, error: bytes },
    blocks: [],
    traffic,
  },
  { type: "failed", task: 5, failure: { kind: "killed" }, blocks: [], traffic },
  { type: "commitAsked", task: 5 },
  { type: "heartbeat", tasks: [5, 6], residentBytes: 2 ** 40, traffic },
  { type: "taken", move: 3, copy: output },
  { type: "taken", move: 4 },
  { type: "broadcastAsked", broadcast: 3 },
  { type: "pieceTaken", broadcast: 3, piece: 7 },
  { type: "pieceFailed", broadcast: 3, piece: 7, from: "executor-2", reason: "its checksum is wrong" },
  { type: "pieceFailed", broadcast: 3, piece: 7, reason: "it is not here" },
  { type: "leaving", within: 60_000 },
  { type: "failing", reason: "no more threads" },
];

const throughWire = (message: unknown): unknown => unpackMessage(packMessage(message), controlBounds);

test.each(commands.map((message) => [message.type, message] as const))(
  "%s reaches an executor as it was",
  (_type, message) => {
    expect(readToExecutor(throughWire(message))).toStrictEqual(message);
  },
);

test.each(reports.map((message) => [message.type, message] as const))(
  "%s reaches a driver as it was",
  (_type, message) => {
    expect(readFromExecutor(throughWire(message))).toStrictEqual(message);
  },
);

test.each([
  ["no object", 1],
  ["an unknown type", { type: "nothing" }],
  ["a negative id", { type: "kill", task: -1 }],
  ["half an id", { type: "kill", task: 0.5 }],
  ["a missing part", { type: "commit", task: 1 }],
  ["bytes that are a string", { type: "stage", stage: 1, shuffleMap: true, code: "x" }],
  ["a module that would lie elsewhere", { ...commands[0], path: `../${path}` }],
  ["a package that would lie elsewhere", { ...commands[0], packages: ["../x"] }],
])("%s is refused", (_what, message) => {
  expect(() => readToExecutor(throughWire(message))).toThrow(invalid);
});

test("what is not in a message's shape is left out", () => {
  expect(readToExecutor(throughWire({ type: "alive", more: 1 }))).toStrictEqual({ type: "alive" });
});

/** Reads, or refuses with the code. */
function reads(read: (message: unknown) => unknown, encoded: Uint8Array): void {
  try {
    read(unpackMessage(encoded, controlBounds));
  } catch (error) {
    expect(error).toMatchObject({ code: "GLOAM_FRAME_INVALID" });
  }
}

test.each([
  ["executor", readToExecutor, commands],
  ["driver", readFromExecutor, reports],
] as const)("an %s reads changed messages, or refuses them with a code", (_side, read, messages) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...(messages as readonly unknown[])),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (message, changes) => {
        const encoded = Uint8Array.from(packMessage(message));
        for (const [at, byte] of changes) encoded[at % encoded.length] = byte;
        reads(read, encoded);
      },
    ),
    { numRuns: 20_000 },
  );
});
