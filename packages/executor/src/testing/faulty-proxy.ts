import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What happens to bytes on their way from the server to a client, by how many have passed before in the connection. */
export type Fault = (data: Buffer, before: number) => Buffer | "cut" | "swallow";

/** Passes everything on. */
export const noFault: Fault = (data) => data;

/** Ends a connection after so many bytes. */
export function cutAfter(bytes: number): Fault {
  return (data, before) => (before + data.length > bytes ? "cut" : data);
}

/** Changes the byte at `position`. */
export function alterAt(position: number): Fault {
  return (data, before) => {
    if (position >= before && position < before + data.length) data[position - before]! ^= 1;
    return data;
  };
}

/** Passes nothing on from `position` on, and says nothing. */
export function silentFrom(position: number): Fault {
  return (data, before) => (before + data.length > position ? "swallow" : data);
}

/** A TCP proxy that does what a network, or somebody in it, does. */
export interface FaultyProxy {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Stands before the server at a port of this machine; the connection `n` has the fault `faults[n]`, further ones the last. */
export async function faultyProxy(target: number, faults: readonly Fault[]): Promise<FaultyProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const fault = faults[Math.min(connections++, faults.length - 1)]!;
    const upstream = track(connect(target, "127.0.0.1"));
    track(client).pipe(upstream);
    let passed = 0;
    upstream.on("data", (data: Buffer) => {
      const outcome = fault(data, passed);
      passed += data.length;
      if (outcome === "cut") client.destroy();
      else if (outcome !== "swallow" && !client.write(outcome)) {
        upstream.pause();
        client.once("drain", () => upstream.resume());
      }
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
