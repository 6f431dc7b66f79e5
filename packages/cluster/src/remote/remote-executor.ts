import type { BarrierAnswer, ExecutorStatus } from "@gloam/plan";
import type {
  BarrierAnswerMessage,
  BlockAddress,
  Channel,
  FromExecutor,
  OutputName,
  PlacedOutput,
  ToExecutor,
} from "@gloam/protocol";
import type { CachedBlock, MapOutput, PreparedTask, StageCode, TaskId } from "@gloam/scheduler";
import { encodeValue } from "@gloam/arrow";
import type { RemoteHandle } from "./remote-handle.ts";

type TaskReport = Extract<FromExecutor, { type: "finished" | "failed" }>;

/** Bytes of a message that says where map outputs lie, about: far from what a connection takes, in bytes and in values. */
const mostToldBytes = 8 * 1024 * 1024;
/** Bytes for one of them, besides its index. */
const outputBytes = 64;

/** What an executor said when it registered, and when. */
export interface RegisteredExecutor {
  readonly address: BlockAddress;
  readonly slots: number;
  readonly channel: Channel<ToExecutor, FromExecutor>;
  /** Milliseconds of the driver's clock. */
  readonly now: number;
}

/** An executor as its driver knows it: what it has been told, and how to tell it more. */
export class RemoteExecutor {
  readonly id: string;
  readonly address: BlockAddress;
  readonly channel: Channel<ToExecutor, FromExecutor>;
  /** When it last said something, in milliseconds of the driver's clock. */
  heard: number;
  /** Why it cannot go on, where it has said so. */
  failing: string | undefined;
  /** Of its process, as it said last. */
  #residentBytes = 0;
  #traffic: TaskReport["traffic"] = { fetchedBytes: 0, servedBytes: 0, evictedBlocks: 0 };
  /** None for one that only keeps blocks. */
  readonly slots: number;
  readonly #tasks = new Set<TaskId>();
  /** It is to go, and nothing new is given to it. */
  draining = false;
  /** Gives up what is to happen at the end of its time, where it has to go. */
  cancelDeadline: () => void = () => undefined;
  readonly #stages = new Set<number>();
  /** Paths of modules. */
  readonly #modules = new Set<string>();
  /** The attempts whose outputs it knows of, and where it knows them to lie, by shuffle and partition. */
  readonly #outputs = new Map<number, Map<number, MapOutput>>();
  /** Outputs that it has reported and was not told to free; those that are cached blocks with the handles that the scheduler knows. */
  readonly #held = new Map<string, RemoteHandle | undefined>();

  constructor(id: string, { address, slots, channel, now }: RegisteredExecutor) {
    this.id = id;
    this.slots = slots;
    this.address = address;
    this.channel = channel;
    this.heard = now;
  }

  /** Whether it holds map outputs or cached blocks, as far as the driver knows. */
  get holds(): boolean {
    return this.#held.size > 0;
  }

  /** It has reported an output; `handle` where that is a cached block. */
  hold({ store, output }: OutputName, handle?: RemoteHandle): void {
    this.#held.set(`${store}/${output}`, handle);
  }

  /** It has dropped a cached block by itself: the handle, where nobody has had it freed meanwhile. */
  dropped({ store, output }: OutputName): RemoteHandle | undefined {
    const name = `${store}/${output}`;
    const handle = this.#held.get(name);
    this.#held.delete(name);
    return handle;
  }

  /** Has it free outputs. */
  free(outputs: readonly OutputName[]): void {
    this.#forget(outputs);
    this.channel.send({ type: "free", outputs: outputs.map(({ store, output }) => ({ store, output })) });
  }

  /** Has it free cached blocks, and forget what it holds of them besides. */
  dropCached(blocks: readonly CachedBlock[]): void {
    const named = blocks.map(({ node, partition, handle }) => {
      const { store, output } = handle as RemoteHandle;
      return { node, partition, place: { store, output } };
    });
    this.#forget(named.map(({ place }) => place));
    this.channel.send({ type: "dropCached", blocks: named });
  }

  /**
   * Sends a task, after what it needs and the executor has not been told. `addressOf` says where another executor's blocks are.
   * @throws RangeError where its code or its data is too large for a message: then it is not there.
   */
  launch({ launch, code, shuffles }: PreparedTask, addressOf: (executor: string) => BlockAddress | undefined): void {
    const { task, stage, stageKind, partition, attempt, slot, cached, peers, alone, range } = launch;
    if (!this.#stages.has(stage)) {
      this.#tellStage(stage, stageKind.kind === "shuffleMap", code);
      this.#stages.add(stage);
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
        slot: alone === true ? slot : (cached.find(({ executor }) => executor === this.id)?.slot ?? slot),
        payloads: encodeValue(code.payloads(partition)),
        shuffles: shuffles.map(({ shuffle }) => shuffle),
        cached: cached.map((block) => ({
          node: block.node,
          partition: block.partition,
          place: addresses.place(block.handle as RemoteHandle),
          ...(block.computedBy !== undefined && { computedBy: block.computedBy }),
        })),
        addresses: addresses.all,
        ...(peers !== undefined && { peers: [...peers] }),
        ...(alone === true && { alone }),
        ...(range !== undefined && { range }),
      },
    });
    this.#tasks.add(task);
  }

  /** Ends a task's waiting in a barrier. */
  answerBarrier(task: TaskId, answer: BarrierAnswer, addressOf: (executor: string) => BlockAddress | undefined): void {
    const addresses = new Addresses(this.id, addressOf);
    const message: BarrierAnswerMessage =
      answer.kind === "error"
        ? answer
        : {
            kind: "parts",
            call: answer.call,
            parts: answer.parts.map((part) => {
              if (part.kind === "bytes") return part;
              const { kind, rank, segment, handle } = part;
              return { kind, rank, segment, place: addresses.place(handle as RemoteHandle) };
            }),
          };
    this.channel.send({ type: "barrier", task, answer: message, addresses: addresses.all });
  }

  /** What it says of itself with a task's end or a heartbeat. */
  hear(message: TaskReport | Extract<FromExecutor, { type: "heartbeat" }>): void {
    this.#traffic = message.traffic;
    if (message.type === "heartbeat") this.#residentBytes = message.residentBytes;
    else this.#tasks.delete(message.task);
  }

  get status(): ExecutorStatus {
    return {
      executor: this.id,
      host: this.address.host,
      slots: this.slots,
      tasks: this.#tasks.size,
      residentBytes: this.#residentBytes,
      ...this.#traffic,
    };
  }

  forgetStages(stages: readonly number[]): void {
    const known = stages.filter((stage) => this.#stages.delete(stage));
    if (known.length > 0) this.channel.send({ type: "forgetStages", stages: known });
  }

  forgetShuffle(shuffle: number): void {
    if (this.#outputs.delete(shuffle)) this.channel.send({ type: "forgetShuffles", shuffles: [shuffle] });
  }

  #forget(outputs: readonly OutputName[]): void {
    for (const { store, output } of outputs) this.#held.delete(`${store}/${output}`);
  }

  #tellStage(stage: number, shuffleMap: boolean, { bytes, modules }: StageCode): void {
    for (const { path, hash, source, home, packages } of modules?.modules ?? []) {
      if (this.#modules.has(path)) continue;
      this.channel.send({ type: "module", path, hash, source, home, packages: [...packages] });
      this.#modules.add(path);
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
    const known = this.#outputs.get(shuffle) ?? new Map<number, MapOutput>();
    this.#outputs.set(shuffle, known);
    const told = outputs.filter((output) => !isSamePlace(output, known.get(output.partition)));
    if (told.length === 0 && !isNew) return;
    for (const output of told) known.set(output.partition, output);
    for (const some of inMessages(told)) {
      const addresses = new Addresses(this.id, addressOf);
      this.channel.send({
        type: "mapOutputs",
        shuffle,
        outputs: some.map(({ partition, task, handle, sketch }) => ({
          partition,
          task,
          place: addresses.place(handle as RemoteHandle),
          sketch,
        })),
        addresses: addresses.all,
      });
    }
  }
}

/** Cut so that each fits a message: their indexes have as many entries as there are map outputs times reducers. At least one list. */
function inMessages(outputs: readonly MapOutput[]): MapOutput[][] {
  let last: MapOutput[] = [];
  const lists = [last];
  let bytes = 0;
  for (const output of outputs) {
    const { index } = output.handle as RemoteHandle;
    const own = outputBytes + index.length + (output.sketch?.length ?? 0);
    if (last.length > 0 && bytes + own > mostToldBytes) {
      lists.push((last = []));
      bytes = 0;
    }
    last.push(output);
    bytes += own;
  }
  return lists;
}

/** Whether an output is the same attempt's, and lies where it lay. */
function isSamePlace(output: MapOutput, known: MapOutput | undefined): boolean {
  if (output === known || known?.task !== output.task) return output === known;
  const [place, before] = [output.handle as RemoteHandle, known.handle as RemoteHandle];
  return place.executor === before.executor && place.store === before.store && place.output === before.output;
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
