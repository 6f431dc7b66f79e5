import type { FromExecutor, ToExecutor } from "@gloam/protocol";
import { checksum } from "@gloam/storage";
import { expect, test } from "vitest";
import type { OnPiece, WantedPiece } from "../exchange/piece-source.ts";
import { BroadcastFetcher } from "./broadcast-fetcher.ts";

const pieceBytes = 8;
const value = Uint8Array.from({ length: 20 }, (_, index) => index);
const pieces = [value.subarray(0, 8), value.subarray(8, 16), value.subarray(16)];
const description: Extract<ToExecutor, { type: "broadcast" }> = {
  ...{ type: "broadcast", broadcast: 7, bytes: 20, headBytes: 3, pieceBytes },
  checksums: new Uint8Array(Uint32Array.from(pieces, (piece) => checksum(piece)).buffer),
};
const peer = { executor: "executor-2", host: "10.0.0.1", port: 5000 };

function fetcher(wanted = false) {
  const sent: FromExecutor[] = [];
  const asked: { readonly from: string; readonly piece: WantedPiece; readonly answer: OnPiece }[] = [];
  const served: number[] = [];
  const released: number[] = [];
  const told: unknown[] = [];
  const slabs: string[] = [];
  const self = new BroadcastFetcher({
    send: (message) => sent.push(message),
    driver: { executor: "driver", host: "10.0.0.9", port: 4000 },
    pieces: { fetch: (from, piece, answer) => asked.push({ from: from.executor, piece, answer }) },
    serve: ({ output }) => served.push(output % 2 ** 20),
    release: (handles) => released.push(...handles.map(({ output }) => output % 2 ** 20)),
    onSlab: ({ id }) => slabs.push(`+${id}`),
    onSlabDropped: (id) => slabs.push(`-${id}`),
    runner: {
      putBroadcast: (broadcast, { buffer, headBytes }) =>
        told.push([broadcast, headBytes, [...new Uint8Array(buffer)]]),
      failBroadcast: (broadcast, error) => told.push([broadcast, error]),
      dropBroadcasts: (broadcasts) => told.push(["dropped", ...broadcasts]),
      isWanted: () => wanted,
    },
  });
  return { self, sent, asked, served, released, told, slabs };
}

test("pieces come from whom the driver says, are checked, served, and put together", () => {
  const { self, sent, asked, served, told } = fetcher();
  self.want(7);
  self.receive(description);
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [2, 0] });
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [1], from: peer });
  expect(asked.map(({ from, piece: { piece, length } }) => [from, piece, length])).toEqual([
    ["driver", 2, 4],
    ["driver", 0, 8],
    ["executor-2", 1, 8],
  ]);
  for (const { piece, answer } of asked) answer(pieces[piece.piece]!);
  expect(told).toEqual([[7, 3, [...value]]]);
  expect(served).toEqual([2, 0, 1]);
  expect(sent).toEqual([
    { type: "broadcastAsked", broadcast: 7 },
    ...[2, 0, 1].map((piece) => ({ type: "pieceTaken", broadcast: 7, piece })),
  ]);
});

test("a piece that is damaged or cannot be had is told of, and comes from elsewhere", () => {
  const { self, sent, asked, told } = fetcher();
  self.receive(description);
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [0], from: peer });
  asked[0]!.answer(Uint8Array.from(pieces[1]!));
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [1] });
  asked[1]!.answer(new Error("nobody there"));
  expect(sent).toEqual([
    { type: "pieceFailed", broadcast: 7, piece: 0, from: "executor-2", reason: "its checksum is wrong" },
    { type: "pieceFailed", broadcast: 7, piece: 1, from: undefined, reason: "nobody there" },
  ]);
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [0, 1, 2] });
  for (const { piece, answer } of asked.slice(2)) answer(pieces[piece.piece]!);
  expect(told).toEqual([[7, 3, [...value]]]);
});

test("of two sources the last is believed to fail, and the first to come is taken", () => {
  const { self, sent, asked } = fetcher();
  self.receive(description);
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [0], from: peer });
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [0] });
  asked[0]!.answer(new Error("it was lost"));
  expect(sent).toEqual([]);
  asked[1]!.answer(pieces[0]!);
  asked[1]!.answer(pieces[0]!);
  expect(sent).toEqual([{ type: "pieceTaken", broadcast: 7, piece: 0 }]);
});

test("what is freed is served no more, and asked for again where a task waits", () => {
  const { self, sent, asked, released, told, slabs } = fetcher(true);
  self.receive(description);
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [0, 1] });
  asked[0]!.answer(pieces[0]!);
  self.receive({ type: "dropBroadcasts", broadcasts: [7] });
  asked[1]!.answer(pieces[1]!);
  expect(released).toEqual([0]);
  expect(told).toEqual([["dropped", 7]]);
  expect(slabs).toEqual([`+${2 ** 31 + 7}`, `-${2 ** 31 + 7}`]);
  expect(sent.at(-1)).toEqual({ type: "broadcastAsked", broadcast: 7 });
});

test("pieces of a broadcast that there is no room for fail", () => {
  const { self, sent } = fetcher();
  const checksums = new Uint8Array(4 * 2 ** 20);
  self.receive({ type: "broadcast", broadcast: 7, bytes: 2 ** 52, headBytes: 1, pieceBytes: 2 ** 32, checksums });
  self.receive({ type: "fetchPieces", broadcast: 7, pieces: [3] });
  expect(sent).toMatchObject([{ type: "pieceFailed", piece: 3, reason: expect.stringContaining("no room") as string }]);
});

test.each([
  { pieceBytes: 1, checksums: new Uint8Array(8) },
  { headBytes: 21, checksums: new Uint8Array(12) },
])("what cannot be is not believed: %o", (change) => {
  const { self } = fetcher();
  expect(() => self.receive({ ...description, ...change })).toThrow("GLOAM_FRAME_INVALID");
});
