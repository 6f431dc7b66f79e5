import { systemTimers, type GloamError, type Timers } from "@gloam/common";
import { Listener, type Connection, type ListenOptions } from "@gloam/protocol";
import type { MemoryPool, OutputHandle, Slab } from "@gloam/storage";
import { AnswerBuilder } from "./answer-builder.ts";
import type { BlockCodec } from "./block-codec.ts";
import { OutputFiles } from "./output-files.ts";
import { ServedConnection } from "./served-connection.ts";
import { ServedOutputs, type OutputName } from "./served-outputs.ts";

export interface BlockServerOptions extends Pick<
  ListenOptions,
  "name" | "secret" | "host" | "port" | "tls" | "limits" | "admits"
> {
  /** What answers are compressed with for those who ask for it; others are refused. */
  readonly codec?: BlockCodec | undefined;
  /** A freed output's memory and file are not used here any more. */
  readonly onReleased: (output: OutputName) => void;
  /** Somebody was refused, or a connection ended badly. */
  readonly onTrouble?: ((error: GloamError) => void) | undefined;
  /** Told of bytes of chunks that have been sent, as they were sent. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  readonly timers?: Timers | undefined;
}

/** Milliseconds after which a connection that takes nothing of what waits for it is ended: it holds outputs' memory. */
const stallTimeout = 60_000;
/** And so is one over which nothing was asked for that many times as long: its other side is gone without a word. */
const idleRounds = 5;

/**
 * Serves the chunks of an executor's committed outputs to whoever knows the secret. Chunks in memory are sent from where
 * they lie, those in files are read and checked; a connection holds a few MiB at most. Outputs, and the slabs in which they
 * lie, are announced before anybody asks for them.
 */
export class BlockServer {
  readonly #outputs: ServedOutputs;
  readonly #files = new OutputFiles();
  readonly #builder: AnswerBuilder;
  /** And for how many rounds nothing has moved. */
  readonly #connections = new Map<ServedConnection, number>();
  readonly #timers: Timers;
  readonly #codec: BlockCodec | undefined;
  readonly #onSent: (bytes: number) => void;
  #listener: Listener | undefined;
  #cancelCheck: () => void = () => undefined;

  private constructor({
    onReleased,
    codec,
    onSent = () => undefined,
    timers = systemTimers,
  }: Pick<BlockServerOptions, "codec" | "onReleased" | "onSent" | "timers">) {
    this.#outputs = new ServedOutputs((output, { file, evictedFile }) => {
      for (const path of [file, evictedFile]) if (path !== undefined) this.#files.forget(path);
      onReleased(output);
    });
    this.#builder = new AnswerBuilder(this.#outputs, this.#files);
    this.#timers = timers;
    this.#codec = codec;
    this.#onSent = onSent;
  }

  /**
   * Begins to serve.
   * @throws GloamError `GLOAM_CONNECTION_LOST` where the address cannot be had.
   */
  static async start(options: BlockServerOptions): Promise<BlockServer> {
    const server = new BlockServer(options);
    const { name, secret, host, port, tls, limits, admits, onTrouble } = options;
    server.#listener = await Listener.listen({
      ...{ name, secret, host, port, tls, limits },
      admits: (introduction) => introduction.purpose === "blocks" && (admits === undefined || admits(introduction)),
      onConnection: (connection) => server.serve(connection),
      onRefused: onTrouble,
    });
    server.#check();
    return server;
  }

  /** Serves connections that somebody else accepts: `serve`. */
  static unbound(options: Pick<BlockServerOptions, "codec" | "onReleased" | "onSent" | "timers">): BlockServer {
    const server = new BlockServer(options);
    server.#check();
    return server;
  }

  /** The port that it listens at. */
  get port(): number {
    return this.#listener!.port;
  }

  /** Outputs that are served. */
  get outputs(): number {
    return this.#outputs.size;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The memory that cached blocks have leases in. */
  usePool({ leases, ioReader }: MemoryPool): void {
    this.#outputs.useLeases(leases, ioReader);
  }

  addSlab(slab: Slab): void {
    this.#outputs.addSlab(slab);
  }

  dropSlab(id: number): void {
    this.#outputs.dropSlab(id);
  }

  commit(handle: OutputHandle): void {
    this.#outputs.commit(handle);
  }

  /** Serves it to nobody any more; `onReleased` follows when its last bytes are sent, which may be at once. */
  free(output: OutputName): void {
    this.#outputs.free(output);
  }

  /** Answers what comes over a connection whose other side has proved that it knows the secret. */
  serve(connection: Connection): void {
    const served = new ServedConnection(connection, this.#builder, this.#codec, {
      onSent: this.#onSent,
      onClose: () => this.#connections.delete(served),
    });
    this.#connections.set(served, 0);
    served.serve();
  }

  /** Ends all connections and gives the port back. */
  async close(): Promise<void> {
    this.#cancelCheck();
    for (const connection of this.#connections.keys()) connection.terminate();
    await this.#listener?.close();
    this.#files.close();
  }

  #check(): void {
    this.#cancelCheck = this.#timers.after(stallTimeout, () => {
      for (const [connection, rounds] of this.#connections) {
        const still = connection.hasMoved() ? 0 : rounds + 1;
        this.#connections.set(connection, still);
        if (still >= (connection.isBusy ? 1 : idleRounds)) connection.terminate();
      }
      this.#check();
    });
  }
}
