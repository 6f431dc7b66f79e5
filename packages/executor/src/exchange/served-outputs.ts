import { openSegment, SlabRegistry, type OutputHandle, type SegmentReader, type Slab } from "@gloam/storage";

/** Names an output within an executor. */
export interface OutputName {
  readonly store: number;
  readonly output: number;
}

/** A committed output that is served. Its memory and file stay as they are while it is held. */
export class ServedOutput {
  readonly handle: OutputHandle;
  readonly #onIdle: () => void;
  #holds = 0;
  #freed = false;

  constructor(handle: OutputHandle, onIdle: () => void) {
    this.handle = handle;
    this.#onIdle = onIdle;
  }

  hold(): void {
    this.#holds++;
  }

  letGo(): void {
    if (--this.#holds === 0 && this.#freed) this.#onIdle();
  }

  free(): void {
    this.#freed = true;
    if (this.#holds === 0) this.#onIdle();
  }
}

/**
 * The committed outputs of an executor, as its server knows them. Whoever frees an output waits until it is told that no byte of
 * it is under way: connections send views of its memory, which the next block would overwrite.
 */
export class ServedOutputs {
  readonly #slabs = new SlabRegistry();
  readonly #outputs = new Map<string, ServedOutput>();
  readonly #onReleased: (output: OutputName, handle: OutputHandle) => void;

  /** `onReleased`: a freed output is not used here any more, and its memory and file may go. */
  constructor(onReleased: (output: OutputName, handle: OutputHandle) => void) {
    this.#onReleased = onReleased;
  }

  /** Outputs that are served. */
  get size(): number {
    return this.#outputs.size;
  }

  addSlab(slab: Slab): void {
    this.#slabs.add(slab);
  }

  dropSlab(id: number): void {
    this.#slabs.drop(id);
  }

  commit(handle: OutputHandle): void {
    const { store, output } = handle;
    this.#outputs.set(keyOf(handle), new ServedOutput(handle, () => this.#onReleased({ store, output }, handle)));
  }

  /** Serves it to nobody any more; nothing is said of one that is not known. */
  free({ store, output }: OutputName): void {
    const key = keyOf({ store, output });
    const served = this.#outputs.get(key);
    this.#outputs.delete(key);
    if (served !== undefined) served.free();
  }

  find(name: OutputName): ServedOutput | undefined {
    return this.#outputs.get(keyOf(name));
  }

  open(output: ServedOutput, segment: number): SegmentReader {
    return openSegment(output.handle, segment, this.#slabs);
  }
}

function keyOf({ store, output }: OutputName): string {
  return `${store}/${output}`;
}
