import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP proxy that can do what a network, or somebody in it, does. */
export interface CutProxy {
  readonly port: number;
  /** Changes a byte near the end of what the client sends next. */
  alterNext(): void;
  /** Sends what clients have sent so far to the server again, over a new connection; gives the number of bytes answered. */
  replay(): Promise<number>;
  close(): Promise<void>;
}

/** Stands between clients and the server at a port of this machine. */
export async function cutProxy(target: number): Promise<CutProxy> {
  const recorded: Buffer[] = [];
  const sockets = new Set<Socket>();
  let alters = false;
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const upstream = track(connect(target, "127.0.0.1"));
    track(client).on("data", (data) => {
      recorded.push(Buffer.from(data));
      if (alters) {
        alters = false;
        data[data.length - 2]! ^= 1;
      }
      upstream.write(data);
    });
    upstream.on("data", (data) => client.write(data));
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    alterNext: () => {
      alters = true;
    },
    replay: async () => {
      const socket = track(connect(target, "127.0.0.1"));
      let answered = 0;
      socket.on("data", ({ length }) => (answered += length));
      const closed = new Promise((resolve) => socket.once("close", resolve));
      for (const data of recorded) {
        socket.write(data);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 2000))]);
      return answered;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
