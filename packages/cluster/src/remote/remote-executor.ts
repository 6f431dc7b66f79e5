import type { BlockAddress, Channel, FromExecutor, PlacedOutput, ToExecutor } from "@gloam/protocol";
import type { MapOutput, PreparedTask, StageCode } from "@gloam/scheduler";
import { encodeValue } from "@gloam/arrow";
import type { RemoteHandle } from "./remote-handle.ts";

/** An executor as its driver knows it: what it has been told, and how to tell it more. */
export class RemoteExecutor {
  readonly id: string;
  readonly address: BlockAddress;
  readonly channel: Channel<ToExecutor, FromExecutor>;
  /** When it last said something, in milliseconds of the driver's clock. */
  heard: number;
  /** Why it cannot go on, where it has said so. */
  failing: string | undefined;
  readonly #stages = new Set<number>();
  /** Paths of modules. */
  readonly #modules = new Set<string>();
  /** The attempts whose outputs it knows of, by shuffle and partition. */
  readonly #outputs = new Map<number, Map<number, number>>();

  constructor(id: string, address: BlockAddress, channel: Channel<ToExecutor, FromExecutor>, now: number) {
    this.id = id;
    this.address = address;
    this.channel = channel;
    this.heard = now;
  }

  /** Sends a task, after what it needs and the executor has not been told. `addressOf` says where another executor's blocks are. */
  launch({ launch, code, shuffles }: PreparedTask, addressOf: (executor: string) => BlockAddress | undefined): void {
    const { task, stage, stageKind, partition, attempt, slot, cached } = launch;
    if (!this.#stages.has(stage)) {
      this.#stages.add(stage);
      this.#tellStage(stage, stageKind.kind === "shuffleMap", code);
    }
    for (const { shuffle, outputs } of shuffles) this.#tellOutputs(shuffle, outputs, addressOf);
    const addresses = new Addresses(this.id, addressOf);
    this.channel.send({
      type: "task",
      task: {
        task,
        stage,
        partition,
        attempt,
        // Decoded rows of cached partitions lie with one worker; the others can read the block.
        slot: cached.find(({ executor }) => executor === this.id)?.slot ?? slot,
        payloads: encodeValue(code.payloads(partition)),
        shuffles: shuffles.map(({ shuffle }) => shuffle),
        cached: cached.map((block) => ({
          node: block.node,
          partition: block.partition,
          place: addresses.place(block.handle as RemoteHandle),
        })),
        addresses: addresses.all,
      },
    });
  }

  forgetStages(stages: readonly number[]): void {
    const known = stages.filter((stage) => this.#stages.delete(stage));
    if (known.length > 0) this.channel.send({ type: "forgetStages", stages: known });
  }

  forgetShuffle(shuffle: number): void {
    if (this.#outputs.delete(shuffle)) this.channel.send({ type: "forgetShuffles", shuffles: [shuffle] });
  }

  #tellStage(stage: number, shuffleMap: boolean, { bytes, modules }: StageCode): void {
    for (const { path, hash, source, home, packages } of modules?.modules ?? []) {
      if (this.#modules.has(path)) continue;
      this.#modules.add(path);
      this.channel.send({ type: "module", path, hash, source, home, packages: [...packages] });
    }
    this.channel.send({
      ...{ type: "stage", stage, shuffleMap, code: bytes },
      ...(modules && { modules: { names: [...modules.names], isMapped: modules.isMapped } }),
    });
  }

  #tellOutputs(
    shuffle: number,
    outputs: readonly MapOutput[],
    addressOf: (executor: string) => BlockAddress | undefined,
  ): void {
    const isNew = !this.#outputs.has(shuffle);
    const known = this.#outputs.get(shuffle) ?? new Map<number, number>();
    this.#outputs.set(shuffle, known);
    const told = outputs.filter(({ partition, task }) => known.get(partition) !== task);
    if (told.length === 0 && !isNew) return;
    for (const { partition, task } of told) known.set(partition, task);
    const addresses = new Addresses(this.id, addressOf);
    this.channel.send({
      type: "mapOutputs",
      shuffle,
      outputs: told.map(({ partition, task, handle, sketch }) => ({
        partition,
        task,
        place: addresses.place(handle as RemoteHandle),
        sketch,
      })),
      addresses: addresses.all,
    });
  }
}

/** The addresses of a message, each once. */
class Addresses {
  readonly all: BlockAddress[] = [];
  readonly #self: string;
  readonly #addressOf: (executor: string) => BlockAddress | undefined;
  readonly #indices = new Map<string, number>();

  constructor(self: string, addressOf: (executor: string) => BlockAddress | undefined) {
    this.#self = self;
    this.#addressOf = addressOf;
  }

  place({ executor, store, output, index }: RemoteHandle): PlacedOutput {
    return executor === this.#self ? { store, output } : { store, output, remote: { at: this.#at(executor), index } };
  }

  #at(executor: string): number {
    let at = this.#indices.get(executor);
    if (at === undefined) {
      at = this.all.length;
      this.#indices.set(executor, at);
      // Of one that has just been lost: whoever reads from there is told so.
      this.all.push(this.#addressOf(executor) ?? { executor, host: "localhost", port: 1 });
    }
    return at;
  }
}
