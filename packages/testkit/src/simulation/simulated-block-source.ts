import type { BlockSource } from "@gloam/cluster/parts";
import { GloamError } from "@gloam/common";
import type { StoredTruth } from "./block-stores.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { keptChunks, keptLengths } from "./simulated-results.ts";
import { Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** Milliseconds between two attempts to reach an executor that does not answer, and how many there are. */
const answerPatience = 500;
const mostAttempts = 60;

type Address = Parameters<BlockSource["fetch"]>[0];
type Part = Parameters<BlockSource["fetch"]>[1][number];
type Options = Parameters<BlockSource["fetch"]>[2];

/** What a driver fetches results through: blocks come late, in pieces, damaged, or not at all. */
export class SimulatedBlockSource implements BlockSource {
  readonly #world: World;
  readonly #driver: SimulatedProcess;
  /** What was asked for and has not come, by part: bytes of each chunk. */
  readonly #asked = new Map<Part, readonly number[]>();
  #closed = false;

  constructor(world: World, driver: SimulatedProcess) {
    this.#world = world;
    this.#driver = driver;
  }

  fetch(address: Address, parts: readonly Part[], options: Options): void {
    if (this.#closed) throw new Violation(`something is asked of ${address.executor} after the end`);
    for (const [index, part] of parts.entries()) {
      const block = this.#world.stores.get(address.executor, part.store, part.output);
      this.#count(part, keptLengths(block?.token ?? 0).slice(part.from, part.to));
      options.signal?.addEventListener("abort", () => this.#asked.delete(part));
      this.#later(() => this.#serve(address, part, index, options, mostAttempts));
    }
  }

  close(): void {
    this.#closed = true;
  }

  /** More bytes under way than may be are a violation, but for one chunk that is larger. */
  #count(part: Part, lengths: readonly number[]): void {
    this.#asked.set(part, lengths);
    const all = [...this.#asked.values()].flat();
    const bytes = all.reduce((sum, length) => sum + length, 0);
    const { mostBytes } = this.#world.settings.fetching;
    if (bytes > mostBytes && all.length > 1) throw new Violation(`${bytes} bytes of results are under way`);
  }

  #serve(address: Address, part: Part, index: number, options: Options, attempts: number): void {
    if (options.signal?.aborted === true) return;
    const { random, calm, processes, stores } = this.#world;
    const process = processes.get(address.executor);
    const fail = (code: "GLOAM_FETCH_FAILED" | "GLOAM_BLOCK_CORRUPT", detail: string): void => {
      this.#asked.delete(part);
      options.onFetched([{ part: index, error: new GloamError(code, detail) }]);
    };
    if (process?.frozen === true && attempts > 0) {
      this.#later(() => this.#serve(address, part, index, options, attempts - 1), answerPatience);
      return;
    }
    const block = stores.get(address.executor, part.store, part.output);
    if (process?.alive !== true || process.frozen) return fail("GLOAM_FETCH_FAILED", "it cannot be reached");
    if (block === undefined || block.lost) return fail("GLOAM_FETCH_FAILED", "it is not there");
    if (!calm && random.next() < 0.02) return fail("GLOAM_FETCH_FAILED", "the connection was cut");
    if (!calm && random.next() < 0.01) return fail("GLOAM_BLOCK_CORRUPT", "it is damaged");
    this.#deliver(address, part, index, options, block);
  }

  /** Some chunks come, and the rest, if there is any, later. */
  #deliver(address: Address, part: Part, index: number, options: Options, block: StoredTruth): void {
    const { random, calm } = this.#world;
    const chunks = keptChunks(block).slice(part.from, part.to);
    if (chunks.length < part.to - part.from) throw new Violation(`chunks are asked for that ${block.output} has not`);
    const coming = chunks.slice(0, 1 + random.nextInt(chunks.length));
    // A chunk of another length, as of a store that has gone mad.
    if (!calm && random.next() < 0.005) coming[0] = new Uint8Array(coming[0]!.length + 1);
    const rest = { ...part, from: part.from + coming.length };
    this.#asked.delete(part);
    if (rest.from < rest.to) {
      this.#asked.set(rest, chunks.slice(coming.length).map(({ length }) => length)); // prettier-ignore
      options.signal?.addEventListener("abort", () => this.#asked.delete(rest));
      this.#later(() => this.#serve(address, rest, index, options, mostAttempts));
    }
    options.onFetched([{ part: index, from: part.from, chunks: coming }]);
  }

  #later(action: () => void, milliseconds = this.#world.delay()): void {
    this.#driver.later(milliseconds, () => {
      if (!this.#closed) action();
    });
  }
}
