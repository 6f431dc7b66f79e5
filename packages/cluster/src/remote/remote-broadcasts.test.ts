import { decodeValue } from "@gloam/arrow";
import { createRandom } from "@gloam/common";
import type { ToExecutor } from "@gloam/protocol";
import { checksum } from "@gloam/storage";
import { describe, expect, test } from "vitest";
import { RemoteBroadcasts } from "./remote-broadcasts.ts";

const pieceBytes = 128 * 1024;
const length = 3 * pieceBytes + 5;

function bytes(): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(length);
  new Uint8Array(buffer).forEach((_, index, all) => (all[index] = index));
  return buffer;
}

/** The driver's broadcasts, what is said to executors, and what is served. */
function driver() {
  const sent: [string, ToExecutor][] = [];
  const served = new Set<number>();
  const slabs = new Set<number>();
  const all = new RemoteBroadcasts(
    {
      random: createRandom(1),
      pieceBytes,
      server: {
        addSlab: ({ id }) => void slabs.add(id),
        dropSlab: (id) => void slabs.delete(id),
        commit: ({ output }) => void served.add(output),
        free: ({ output }) => void served.delete(output),
      },
    },
    {
      send: (executor, message) => sent.push([executor, message]),
      addressOf: (executor) => ({ executor, host: "10.0.0.1", port: 5000 }),
    },
  );
  const take = (executor: string): void => {
    for (const [to, message] of sent.splice(0)) {
      if (to !== executor || message.type !== "fetchPieces") continue;
      for (const piece of message.pieces) all.report(executor, { type: "pieceTaken", broadcast: 1, piece });
    }
  };
  return { all, sent, served, slabs, take };
}

describe("broadcasts of a driver", () => {
  test("cost nothing before they are asked for, and are described and served then", () => {
    const { all, sent, served, slabs } = driver();
    const buffer = bytes();
    all.add(1, { buffer, headBytes: 9 });
    expect([sent.length, served.size, slabs.size]).toEqual([0, 0, 0]);
    all.report("a", { type: "broadcastAsked", broadcast: 1 });
    const [first, ...others] = sent.map(([, message]) => message);
    expect(first).toMatchObject({ type: "broadcast", bytes: length, headBytes: 9, pieceBytes });
    const sums = [0, 1, 2, 3].map((piece) => checksum(new Uint8Array(buffer).subarray(piece * pieceBytes, (piece + 1) * pieceBytes))); // prettier-ignore
    expect([...new Uint32Array((first as { checksums: Uint8Array }).checksums.buffer)]).toEqual(sums);
    expect(others.flatMap((each) => (each.type === "fetchPieces" ? each.pieces : [])).sort((a, b) => a - b)).toEqual([
      0, 1, 2, 3,
    ]);
    expect([served.size, slabs.size]).toEqual([4, 1]);
  });

  test("come from who has them, whose address is told", () => {
    const { all, sent, take } = driver();
    all.add(1, { buffer: bytes(), headBytes: 9 });
    all.report("a", { type: "broadcastAsked", broadcast: 1 });
    take("a");
    all.report("b", { type: "broadcastAsked", broadcast: 1 });
    const fetched = sent.flatMap(([to, each]) => (each.type === "fetchPieces" ? [[to, each.from?.executor]] : []));
    expect(new Set(fetched.map(String))).toEqual(new Set(["b,a"]));
  });

  test("are freed where they are, and refused from then on", () => {
    const { all, sent, served, slabs, take } = driver();
    all.add(1, { buffer: bytes(), headBytes: 9 });
    all.report("a", { type: "broadcastAsked", broadcast: 1 });
    take("a");
    all.unpersist(1);
    expect(sent.splice(0)).toEqual([["a", { type: "dropBroadcasts", broadcasts: [1] }]]);
    expect(served.size).toBe(4);
    all.report("a", { type: "broadcastAsked", broadcast: 1 });
    take("a");
    all.release([1, 2]);
    expect(sent.splice(0)).toEqual([["a", { type: "dropBroadcasts", broadcasts: [1] }]]);
    expect([served.size, slabs.size]).toEqual([0, 0]);
    all.report("a", { type: "broadcastAsked", broadcast: 1 });
    const [[, refusal] = []] = sent;
    expect(refusal).toMatchObject({ type: "broadcastFailed", broadcast: 1 });
    expect(JSON.stringify(decodeValue((refusal as { error: Uint8Array }).error))).toContain(
      "GLOAM_BROADCAST_DESTROYED",
    );
  });
});
