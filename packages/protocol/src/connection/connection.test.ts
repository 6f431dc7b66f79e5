import type { GloamError } from "@gloam/common";
import { connect as connectSocket, type Socket } from "node:net";
import { generate } from "selfsigned";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { encodeOpening, protocolVersion, type Introduction } from "../handshake/messages.ts";
import { createSecret } from "../handshake/secret.ts";
import { serverPath } from "./address.ts";
import { connect, type ConnectOptions } from "./connect.ts";
import type { Connection } from "./connection.ts";
import { Listener, type ListenOptions } from "./listen.ts";
import { cutProxy } from "../testing/cut-proxy.ts";

const secret = createSecret();
const introduction: Introduction = { purpose: "control", from: "executor-1", to: "driver" };
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function listen(options: Partial<ListenOptions> = {}): Promise<{
  readonly listener: Listener;
  readonly accepted: Promise<Connection>;
  readonly refused: GloamError[];
}> {
  const refused: GloamError[] = [];
  let accept!: (connection: Connection) => void;
  const accepted = new Promise<Connection>((resolve) => (accept = resolve));
  const listener = await Listener.listen({
    name: "driver",
    secret,
    onConnection: accept,
    onRefused: (error) => refused.push(error),
    ...options,
  });
  ends.push(() => listener.close());
  return { listener, accepted, refused };
}

async function join(port: number, options: Partial<ConnectOptions> = {}): Promise<Connection> {
  const connection = await connect({ host: "127.0.0.1", port, secret, introduction, ...options });
  ends.push(() => connection.terminate());
  return connection;
}

/** Everything that comes over a connection, and its end. */
function collect(connection: Connection): {
  readonly messages: string[];
  readonly attachments: Uint8Array[];
  readonly closed: Promise<GloamError | undefined>;
  got(count: number): Promise<void>;
} {
  const messages: string[] = [];
  const attachments: Uint8Array[] = [];
  let wake = (): void => undefined;
  const closed = new Promise<GloamError | undefined>((resolve) => {
    connection.observe({
      onMessage: (delivery) => {
        messages.push(Buffer.from(delivery.message).toString());
        attachments.push(...delivery.attachments);
        wake();
      },
      onClose: resolve,
    });
  });
  return {
    messages,
    attachments,
    closed,
    got: async (count) => {
      while (messages.length < count) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

const text = (message: string): Uint8Array => Buffer.from(message);
const certificate = generate([{ name: "commonName", value: "localhost" }], {
  algorithm: "sha256",
  extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
});

describe.each(["authenticated", "under TLS"])("a connection %s", (kind) => {
  const secure = kind === "under TLS";
  const server = async (): Promise<Partial<ListenOptions>> => {
    if (!secure) return {};
    const { cert, private: key } = await certificate;
    return { tls: { cert, key } };
  };
  const client = async (): Promise<Partial<ConnectOptions>> =>
    secure ? { tls: { ca: (await certificate).cert } } : {};

  test("carries messages and large attachments both ways, in order", async () => {
    const { listener, accepted } = await listen(await server());
    const there = await join(listener.port, await client());
    const here = await accepted;
    expect(here.introduction).toEqual(introduction);
    const [atServer, atClient] = [collect(here), collect(there)];
    const large = new Uint8Array(3_000_000).map((_, index) => index);
    there.send(text("one"));
    there.send(text("two"), [large, new Uint8Array()]);
    there.send(text("three"));
    here.send(text("back"), [large.subarray(5, 10)]);
    await Promise.all([atServer.got(3), atClient.got(1)]);
    expect(atServer.messages).toEqual(["one", "two", "three"]);
    expect(atServer.attachments.map(({ length }) => length)).toEqual([3_000_000, 0]);
    expect(Buffer.compare(atServer.attachments[0]!, large)).toBe(0);
    expect(Uint8Array.from(atClient.attachments[0]!)).toEqual(large.slice(5, 10));
    expect(there.traffic.sent).toBe(here.traffic.received);
  });

  test("says when the system has taken a message, and when it never will", async () => {
    const { listener, accepted } = await listen(await server());
    const there = await join(listener.port, await client());
    const here = await accepted;
    const atClient = collect(there);
    const send = (connection: Connection, bytes: number): Promise<void> =>
      new Promise((resolve) => connection.send(text("block"), [new Uint8Array(bytes), new Uint8Array()], resolve));
    await send(here, 3_000_000);
    expect(here.waiting).toBe(0);
    await atClient.got(1);
    there.pause();
    // More than the system holds for a reader that does not read.
    const stuck = send(here, 50_000_000);
    expect(here.waiting).toBeGreaterThan(0);
    here.terminate();
    await stuck;
    await send(here, 1);
  });

  test("tells both sides of its end: none where one closed it", async () => {
    const { listener, accepted } = await listen(await server());
    const there = await join(listener.port, await client());
    const here = await accepted;
    const [atServer, atClient] = [collect(here), collect(there)];
    there.send(text("last"));
    there.close();
    expect(await atServer.closed).toBeUndefined();
    expect(await atClient.closed).toBeUndefined();
    expect(atServer.messages).toEqual(["last"]);
  });

  test("that is cut is lost, with a code", async () => {
    const { listener, accepted } = await listen(await server());
    const there = await join(listener.port, await client());
    const atServer = collect(await accepted);
    there.terminate();
    expect(await atServer.closed).toMatchObject({ code: "GLOAM_CONNECTION_LOST" });
  });

  test("is refused to whoever does not know the secret, and to whoever is not expected", async () => {
    const { listener, refused } = await listen({ ...(await server()), admits: ({ from }) => from === "executor-1" });
    const options = await client();
    const stranger = { ...introduction, from: "executor-2" };
    await expect(join(listener.port, { ...options, secret: createSecret() })).rejects.toMatchObject({
      code: "GLOAM_AUTH_FAILED",
    });
    await expect(join(listener.port, { ...options, introduction: stranger })).rejects.toMatchObject({
      code: "GLOAM_AUTH_FAILED",
    });
    expect(refused.map(({ code }) => code)).toEqual(["GLOAM_AUTH_FAILED", "GLOAM_AUTH_FAILED"]);
  });
});

test("under TLS a certificate that is not believed ends the attempt", async () => {
  const [{ cert, private: key }, other] = await Promise.all([
    certificate,
    generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256" }),
  ]);
  const { listener } = await listen({ tls: { cert, key } });
  await expect(join(listener.port, { tls: { ca: other.cert } })).rejects.toMatchObject({
    code: "GLOAM_CONNECTION_LOST",
  });
  // Without one the proofs alone say who it is.
  await join(listener.port, { tls: {} });
});

test("a client of another version is told so, and so is the server", async () => {
  const { listener, refused } = await listen();
  const socket = new WebSocket(`ws://127.0.0.1:${listener.port}${serverPath(secret)}`);
  socket.on("open", () => socket.send(encodeOpening({ version: protocolVersion + 1, nonce: createSecret() })));
  const code = await new Promise<number>((resolve) => socket.on("close", resolve));
  expect(code).toBe(4002);
  expect(refused).toMatchObject([{ code: "GLOAM_PROTOCOL_VERSION" }]);
});

test("where nobody listens, and where somebody else does, the error says so", async () => {
  const { listener } = await listen();
  const { port } = listener;
  await listener.close();
  await expect(join(port)).rejects.toMatchObject({ code: "GLOAM_CONNECTION_LOST" });
});

test("a port that is taken has an error with a code", async () => {
  const { listener } = await listen();
  await expect(listen({ port: listener.port })).rejects.toMatchObject({ code: "GLOAM_CONNECTION_LOST" });
});

test("a frame that is altered on the way ends the connection with a code", async () => {
  const { listener, accepted } = await listen();
  const proxy = await cutProxy(listener.port);
  ends.push(() => proxy.close());
  const there = await join(proxy.port);
  const atServer = collect(await accepted);
  there.send(text("right"));
  await atServer.got(1);
  proxy.alterNext();
  there.send(text("a longer message, so that what is altered is within it"));
  expect(await atServer.closed).toMatchObject({ code: "GLOAM_FRAME_INVALID" });
  expect(atServer.messages).toEqual(["right"]);
});

test("a recorded session that is played again is refused", async () => {
  const { listener, accepted, refused } = await listen();
  const proxy = await cutProxy(listener.port);
  ends.push(() => proxy.close());
  const there = await join(proxy.port);
  const atServer = collect(await accepted);
  there.send(text("pay"));
  await atServer.got(1);
  const answered = await proxy.replay();
  expect(refused).toMatchObject([{ code: "GLOAM_AUTH_FAILED" }]);
  expect(answered).toBeGreaterThan(0);
  expect(atServer.messages).toEqual(["pay"]);
});

test("what comes before anybody observes is kept", async () => {
  const { listener, accepted } = await listen();
  const there = await join(listener.port);
  there.send(text("early"));
  there.close();
  const here = await accepted;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const atServer = collect(here);
  expect(await atServer.closed).toBeUndefined();
  expect(atServer.messages).toEqual(["early"]);
});

test.each(["ends over one of them", "is ended by whoever observes"])(
  "a connection that %s tells nothing after its end, also of what came early",
  async (how) => {
    const { listener, accepted } = await listen();
    const there = await join(listener.port);
    for (const message of ["one", "two"]) there.send(text(message));
    const here = await accepted;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const told: string[] = [];
    here.observe({
      onMessage: ({ message }) => {
        told.push(Buffer.from(message).toString());
        if (how.startsWith("ends")) throw new Error("not for me");
        here.terminate();
      },
      onClose: () => told.push("closed"),
    });
    await collect(there).closed;
    expect(told).toEqual(["one", "closed"]);
  },
);

describe("somebody who does not know the secret", () => {
  const raw = async (port: number): Promise<Socket> => {
    const socket = connectSocket(port, "127.0.0.1");
    socket.on("error", () => undefined);
    ends.push(() => socket.destroy());
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };
  const ended = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once("close", resolve).resume());

  test("is given up after a while", async () => {
    const { listener } = await listen({ limits: { handshakeTimeout: 100 } });
    await ended(await raw(listener.port));
    expect(listener.unproved).toBe(0);
  });

  test("cannot send much", async () => {
    const { listener } = await listen();
    const socket = new WebSocket(`ws://127.0.0.1:${listener.port}${serverPath(secret)}`);
    socket.on("error", () => undefined);
    await new Promise((resolve) => socket.once("open", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.send(new Uint8Array(1_000_000), { fin: false });
    await closed;
    expect(listener.unproved).toBe(0);
  });

  test("is driven out by others like him, while one who knows it gets through", async () => {
    const { listener } = await listen({ limits: { unproved: 5 } });
    const first = await raw(listener.port);
    const gone = ended(first);
    for (let i = 0; i < 5; i++) await raw(listener.port);
    await gone;
    await join(listener.port);
    expect(listener.unproved).toBeLessThanOrEqual(5);
  });

  const answer = async (socket: Socket): Promise<string> => {
    let all = "";
    socket.on("data", (data: Buffer) => (all += data.toString()));
    await new Promise((resolve) => socket.once("close", resolve));
    return all;
  };

  test("gets the same HTTP error for all requests", async () => {
    const { listener, refused } = await listen();
    const response = await fetch(`http://127.0.0.1:${listener.port}/`);
    expect([response.status, await response.text()]).toEqual([403, ""]);
    const answers: string[] = [];
    for (const path of ["/elsewhere", "/gloam", serverPath(createSecret())]) {
      const socket = await raw(listener.port);
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${"X: y\r\n".repeat(9)}\r\n`,
      );
      answers.push(await answer(socket));
    }
    expect(answers[0]).toMatch(/^HTTP\/1.1 403/);
    expect(new Set(answers).size).toBe(1);
    expect(refused).toHaveLength(4);
  });

  test("cannot guess the path piece by piece", async () => {
    const { listener } = await listen({ limits: { handshakeTimeout: 300 } });
    const line = `GET ${serverPath(secret)} HTTP/1.1\r\n`;
    const pieces = ["GE", "GET /gloam/", line.slice(0, 20), `${line.slice(0, 20)}?`, line.slice(0, -1)];
    const answers = pieces.map(async (piece) => {
      const socket = await raw(listener.port);
      socket.write(piece);
      return answer(socket);
    });
    expect(await Promise.all(answers)).toEqual(pieces.map(() => ""));
  });

  test("and one who sends his first line in pieces gets through with the right one", async () => {
    const { listener } = await listen();
    const socket = await raw(listener.port);
    const request = `GET ${serverPath(secret)} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
    for (const [from, to] of [
      [0, 3],
      [3, 30],
      [30, 31],
      [31, 200],
      [200, undefined],
    ] as const) {
      socket.write(request.slice(from, to));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const [data] = await new Promise<[Buffer]>((resolve) => socket.once("data", (...args: [Buffer]) => resolve(args)));
    expect(data.toString()).toMatch(/^HTTP\/1.1 101/);
  });
});
