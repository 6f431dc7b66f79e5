/**
 * Opens connections to every port that a process and its children listen at, without knowing their secret, and prints
 * `{"opened":N,"longest":B,"answers":[...]}`: what came back, each kind once.
 *
 *     node flood.mjs PID CONNECTIONS SECONDS
 *
 * The connections are spread evenly over the seconds, and over several ways to be a nuisance. Each is held until the other
 * side ends it, or for as long as the program runs. Needs `/proc`.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const [pid, connections, seconds] = process.argv.slice(2).map(Number);

/** A process and all that it has started. */
function tree(root) {
  const children = new Map();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, parent] = readFileSync(`/proc/${name}/stat`, "latin1")
        .replace(/^.*\) /s, "")
        .split(" ");
      children.set(parent, [...(children.get(parent) ?? []), name]);
    } catch {
      // It has ended in between.
    }
  }
  const found = [String(root)];
  for (const each of found) found.push(...(children.get(each) ?? []));
  return found;
}

/** Ports of IPv4 that these processes listen at. */
function ports(pids) {
  const inodes = new Set(
    pids.flatMap((each) =>
      readdirSync(`/proc/${each}/fd`).map((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${each}/fd/${fd}`))?.[1];
        } catch {
          return undefined;
        }
      }),
    ),
  );
  const listening = "0A";
  return readFileSync("/proc/net/tcp", "latin1")
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === listening && inodes.has(inode))
    .map(([, address]) => Number.parseInt(address.split(":")[1], 16));
}

const upgrade =
  "GET /gloam/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/** A frame of a WebSocket client, whose mask is 0. */
function frame(payload) {
  const length =
    payload.length < 126 ? [payload.length | 0x80] : [126 | 0x80, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([0x82, ...length, 0, 0, 0, 0]), payload]);
}

const opening = (version) =>
  frame(Buffer.concat([Buffer.from("GLOAM"), Buffer.from([0, version]), Buffer.alloc(32, 7)]));
const introduction = frame(
  Buffer.concat([
    Buffer.from([0, 10]),
    Buffer.from("executor-1"),
    Buffer.from([6]),
    Buffer.from("driver"),
    Buffer.alloc(32, 9),
  ]),
);

/** Ways to be a nuisance: what is sent. */
const ways = [
  [],
  [Buffer.alloc(64, 255)],
  ["GET / HTTP/1.1\r\nHost: h\r\n\r\n"],
  ["GET /gloam/AA"],
  [upgrade],
  [upgrade, opening(1), introduction],
  [upgrade, opening(0)],
  [upgrade, frame(Buffer.alloc(9000, 1))],
  [Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])],
].map((pieces) => Buffer.concat(pieces.map((piece) => Buffer.from(piece))));

const answers = new Map();
let longest = 0;

function nuisance(port, way) {
  const socket = connect({ port, host: "127.0.0.1" });
  let answer = "";
  socket.on("data", (data) => (answer += data.toString("latin1")));
  socket.on("error", () => undefined);
  socket.on("close", () => {
    longest = Math.max(longest, answer.length);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  });
  if (ways[way].length > 0) socket.write(ways[way]);
  return socket;
}

const all = ports(tree(pid));
const sockets = new Set();
const begin = performance.now();
for (let opened = 0; opened < connections; opened++) {
  const due = begin + (seconds * 1000 * opened) / connections;
  if (due > performance.now()) await sleep(due - performance.now());
  const socket = nuisance(all[opened % all.length], Math.trunc(opened / all.length) % ways.length);
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
}
for (const socket of sockets) socket.destroy();
await sleep(100);
process.stdout.write(JSON.stringify({ ports: all.length, opened: connections, longest, answers: [...answers] }));
