import { createRandom, type Random } from "@gloam/common";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** Shares of connections with each fault, from 0 to 1; the others have none. */
export interface Faults {
  /** Where they are cut or altered: after so many bytes at most, if as many pass. */
  readonly within: number;
  /** Ended at some byte. */
  readonly cut: number;
  /** A bit of one byte is changed on its way. */
  readonly altered: number;
  /** Everything takes up to 50 milliseconds. */
  readonly delayed: number;
}

/** What a network does. Plain data but for the memory. */
export interface FaultyNetworkOptions {
  readonly seed: number;
  readonly faults: Readonly<Record<Purpose, Faults>>;
  /** Of a `NetworkState`. */
  readonly shared: SharedArrayBuffer;
}

/** What connections are for: those of executors to their driver, and those among executors. */
export type Purpose = "control" | "blocks";

const names = ["everythingCut", "connections", "cut", "altered", "alteredEnded", "delayed"] as const;

const cuts = ["nothing", "control", "blocks"];

/** What a network tells whoever shares its memory, and is told by them. */
export class NetworkState {
  readonly shared: SharedArrayBuffer;
  readonly #numbers: Int32Array;

  constructor(shared = new SharedArrayBuffer(4 * names.length)) {
    this.shared = shared;
    this.#numbers = new Int32Array(shared);
  }

  /** Ends all connections of a purpose and lets none begin, from now on. */
  cutEverything(purpose: Purpose | "nothing"): void {
    Atomics.store(this.#numbers, 0, cuts.indexOf(purpose));
  }

  isCut(purpose: Purpose): boolean {
    return Atomics.load(this.#numbers, 0) === cuts.indexOf(purpose);
  }

  count(name: (typeof names)[number]): void {
    Atomics.add(this.#numbers, names.indexOf(name), 1);
  }

  /** How often each has happened. `alteredEnded` are the altered connections that one of their ends has given up since. */
  get counts(): Readonly<Record<(typeof names)[number], number>> {
    return Object.fromEntries(names.map((name, index) => [name, Atomics.load(this.#numbers, index)])) as never;
  }
}

/** Before that many bytes nothing is altered: of what the upgrade to a WebSocket says, not every byte matters to anybody. */
const upgradeBytes = 700;
const longestDelay = 50;
/** The golden section: its multiples fill the numbers from 0 to 1 evenly, so that also few connections have each fault. */
const evenly = (Math.sqrt(5) - 1) / 2;

/** TCP connections of this machine that lead through faults, chosen from a seed. */
export class FaultyNetwork {
  readonly #options: FaultyNetworkOptions;
  readonly #random: Random;
  readonly #state: NetworkState;
  readonly #servers: Server[] = [];
  readonly #sockets = new Map<Socket, Purpose>();
  readonly #drawn: Record<Purpose, number>;
  readonly #driver = { inside: 0, outside: 0 };
  readonly #watch: ReturnType<typeof setInterval>;

  constructor(options: FaultyNetworkOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#drawn = { control: this.#random.next(), blocks: this.#random.next() };
    this.#state = new NetworkState(options.shared);
    this.#watch = setInterval(() => {
      for (const [socket, purpose] of this.#sockets) if (this.#state.isCut(purpose)) socket.destroy();
    }, 20);
  }

  /** Makes the way to the driver, whose port need not be known yet. */
  async open(): Promise<void> {
    this.#driver.outside = await this.#listen(() => this.#driver.inside, "control");
  }

  /** The port through which the driver's is reached. */
  towardsDriver(port: number): number {
    this.#driver.inside = port;
    return this.#driver.outside;
  }

  /** A port through which that of an executor's blocks is reached. */
  async through(port: number): Promise<number> {
    return this.#listen(() => port, "blocks");
  }

  async #listen(target: () => number, purpose: Purpose): Promise<number> {
    const server = createServer((client) => this.#join(client, target(), purpose));
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    for (const socket of this.#sockets.keys()) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  #join(client: Socket, target: number, purpose: Purpose): void {
    if (this.#state.isCut(purpose)) {
      client.on("error", () => undefined).destroy();
      return;
    }
    this.#state.count("connections");
    const server = connect(target, "127.0.0.1");
    const ends = [client, server] as const;
    for (const end of ends) {
      this.#sockets.set(end, purpose);
      end.setNoDelay(true).on("error", () => undefined).on("close", () => this.#sockets.delete(end)); // prettier-ignore
    }
    const end = (): void => ends.forEach((each) => each.destroy());
    const fault = this.#fault(purpose, end);
    const faultySide = this.#random.nextInt(2);
    pass(client, server, faultySide === 0 ? fault : passOn);
    pass(server, client, faultySide === 1 ? fault : passOn);
  }

  /** One of the faults, or none, for one direction of a connection. */
  #fault(purpose: Purpose, end: () => void): Fault {
    const { within, cut, altered, delayed } = this.#options.faults[purpose];
    const drawn = (this.#drawn[purpose] = (this.#drawn[purpose] + evenly) % 1);
    const position = this.#random.nextInt(within);
    const bit = 1 << this.#random.nextInt(8);
    if (drawn < cut) {
      return (data, before, forward) => {
        if (before + data.length <= position) return forward(data);
        this.#state.count("cut");
        end();
      };
    }
    if (drawn < cut + altered) {
      return (data, before, forward, onEnd) => {
        const at = upgradeBytes + position - before;
        if (at >= 0 && at < data.length) {
          data[at]! ^= bit;
          this.#state.count("altered");
          onEnd(() => this.#state.count("alteredEnded"));
        }
        forward(data);
      };
    }
    if (drawn < cut + altered + delayed) {
      this.#state.count("delayed");
      let last = 0;
      return (data, _, forward) => {
        last = Math.max(last, performance.now() + this.#random.nextInt(longestDelay));
        setTimeout(() => forward(data), last - performance.now());
      };
    }
    return passOn;
  }
}

/** What becomes of bytes, by how many have passed before in this direction. */
type Fault = (
  data: Buffer,
  before: number,
  forward: (data: Buffer) => void,
  onEnd: (action: () => void) => void,
) => void;

const passOn: Fault = (data, _, forward) => forward(data);

/** Hands on what comes, no faster than it is taken, and the end. */
function pass(from: Socket, to: Socket, fault: Fault): void {
  let passed = 0;
  const forward = (data: Buffer): void => {
    if (to.destroyed || to.write(data)) return;
    from.pause();
    to.once("drain", () => from.resume());
  };
  from.on("data", (data: Buffer) => {
    fault(data, passed, forward, (action) => from.once("close", action));
    passed += data.length;
  });
  // What is under way arrives first.
  from.on("close", () => to.destroySoon());
}
