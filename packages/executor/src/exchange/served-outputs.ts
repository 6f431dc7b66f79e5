import {
  openSegment,
  SlabRegistry,
  type Leases,
  type OutputHandle,
  type SegmentReader,
  type Slab,
} from "@gloam/storage";

/** Names an output within an executor. */
export interface OutputName {
  readonly store: number;
  readonly output: number;
}

/** Where a serving thread says which cached blocks it reads. */
interface ServingLeases {
  readonly leases: Leases;
  readonly reader: number;
}

/** A committed output that is served. Its memory and file stay as they are while it is held. */
export class ServedOutput {
  readonly handle: OutputHandle;
  readonly #onIdle: () => void;
  readonly #leases: ServingLeases | undefined;
  #holds = 0;
  #freed = false;
  #pinned = false;

  constructor(handle: OutputHandle, leases: ServingLeases | undefined, onIdle: () => void) {
    this.handle = handle;
    this.#leases = leases;
    this.#onIdle = onIdle;
  }

  /** Keeps a cached block in memory until `settle` finds that nobody holds it; false where it is not there any more. */
  pin(): boolean {
    const { lease } = this.handle;
    if (this.#pinned || lease === undefined || this.#leases === undefined) return true;
    this.#pinned = this.#leases.leases.pin(lease, this.#leases.reader);
    return this.#pinned;
  }

  /** Lets a cached block go from memory if nobody holds it. */
  settle(): void {
    const { lease } = this.handle;
    if (!this.#pinned || this.#holds > 0 || lease === undefined) return;
    this.#pinned = false;
    this.#leases?.leases.unpin(lease, this.#leases.reader);
  }

  hold(): void {
    this.#holds++;
  }

  letGo(): void {
    if (--this.#holds > 0) return;
    this.settle();
    if (this.#freed) this.#onIdle();
  }

  free(): void {
    this.#freed = true;
    if (this.#holds > 0) return;
    this.settle();
    this.#onIdle();
  }
}

/**
 * The committed outputs of an executor, as its server knows them. Whoever frees an output waits until it is told that no byte of
 * it is under way: connections send views of its memory, which the next block would overwrite.
 */
export class ServedOutputs {
  readonly #slabs = new SlabRegistry();
  readonly #outputs = new Map<string, ServedOutput>();
  /** Opened in the answer that is being made. */
  readonly #opened = new Set<ServedOutput>();
  #leases: ServingLeases | undefined;
  readonly #onReleased: (output: OutputName, handle: OutputHandle) => void;

  /** `onReleased`: a freed output is not used here any more, and its memory and file may go. */
  constructor(onReleased: (output: OutputName, handle: OutputHandle) => void) {
    this.#onReleased = onReleased;
  }

  /** Outputs that are served. */
  get size(): number {
    return this.#outputs.size;
  }

  /** Where leases of cached blocks are, and which of their readers this thread is. */
  useLeases(leases: Leases, reader: number): void {
    this.#leases = { leases, reader };
  }

  addSlab(slab: Slab): void {
    this.#slabs.add(slab);
  }

  dropSlab(id: number): void {
    this.#slabs.drop(id);
  }

  commit(handle: OutputHandle): void {
    const { store, output } = handle;
    const onIdle = (): void => this.#onReleased({ store, output }, handle);
    this.#outputs.set(keyOf(handle), new ServedOutput(handle, this.#leases, onIdle));
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

  /** Opens a segment. Its memory stays until `settle`, and then for as long as somebody holds the output. */
  open(output: ServedOutput, segment: number): SegmentReader {
    const isThere = output.pin();
    this.#opened.add(output);
    return openSegment(output.handle, segment, this.#slabs, undefined, !isThere);
  }

  /** An answer is made, and holds what it needs. */
  settle(): void {
    for (const output of this.#opened) output.settle();
    this.#opened.clear();
  }
}

function keyOf({ store, output }: OutputName): string {
  return `${store}/${output}`;
}
