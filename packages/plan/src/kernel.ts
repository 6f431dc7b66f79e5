import type { ColumnBatch, InterleavedRows } from "@gloam/arrow";
import type { CapturedFunction, JoinedPart, SplitNumbers, TextCutter, TextUse } from "@gloam/closure";
import type { Batch, TextBatch, Texts } from "./batch.ts";
import type { BlockOutput } from "./block-output.ts";
import type { TaskMemory } from "./task-memory.ts";

/**
 * Names a kernel so that any executor can import it: `package` is an import specifier, `export` one of its exports.
 * Libraries on top of `core` bring kernels of their own this way, without touching `executor`.
 */
export interface KernelReference {
  readonly package: string;
  readonly export: string;
}

/** What a node tells executors: which kernel, with which user functions and which plain data. */
export interface KernelDescription extends KernelReference {
  /** User functions, in the order in which the kernel expects them. */
  readonly functions: readonly CapturedFunction[];
  /** Plain structured-cloneable data. */
  readonly data?: unknown;
}

/** A kernel: what the stage compiler turns into code. */
export type Kernel = RowKernel | ColumnKernel | ReaderKernel | SinkKernel;

/**
 * Contributes lines to a stage's generated loop, for one element at a time. `emit` must write the same text whenever
 * kernel data and number of functions are the same: what differs between tasks is bound through `constant`.
 */
export interface RowKernel {
  readonly kind: "row";
  emit(code: RowCode, context: KernelContext): void;
  /**
   * What comes of elements that are `TextSpan`s (`RowCode.text`), where the kernel can take them: elements of any kind, such
   * texts again, or pairs with one as the key. Absent, or undefined, where it needs strings.
   */
  ofTexts?(context: KernelContext): "elements" | "texts" | "keyedTexts" | undefined;
  /** Where all that the kernel does is cut elements that are texts into pairs: what does so. */
  cuts?(context: KernelContext): TextCutter | undefined;
  /** Where all that the kernel does is join elements that are lists of texts: of what. */
  joins?(context: KernelContext): readonly JoinedPart[] | undefined;
  /** The numbers that the kernel makes of each text, where it makes nothing else of it. */
  numbersOfTexts?(context: KernelContext): SplitNumbers | undefined;
}

/** Where a row kernel or a sink writes its lines. */
export interface RowCode {
  /** Name of the variable that holds the element. Where that is a `TextSpan`, or has one, asking makes a string of it. */
  readonly value: string;
  /** Name of the `TextSpan` that is the element, where it is one. */
  readonly text: string | undefined;
  /** Name of the element where it is a pair whose key is a `TextSpan`, which holds until the next element. */
  readonly keyedText: string | undefined;
  /** Name bound to the node's user function of that index; calls of it are inlined by V8. */
  userFunction(index: number): string;
  /** Name bound to any value of this task: a table, a random source, a counter object. */
  constant(value: unknown): string;
  /**
   * Name of a mutable variable that lives for the whole task, with its initial value as source text. A local while a loop
   * runs (2 ns where a cell of memory costs 5), so nothing outside sees it then but `reader` between batches.
   */
  variable(initial: string): string;
  /** Reads a variable from outside the generated code: between batches and at the end. */
  reader(variable: string): () => unknown;
  /** Likewise sets it. */
  setter(variable: string): (value: unknown) => void;
  /** A fresh name for a local of the loop's body. */
  local(): string;
  /** One or more lines of JavaScript. `continue` skips the element. */
  line(text: string): void;
  /** Opens a nested loop, closed by the compiler after everything downstream: `for (const x of xs) {`. */
  loop(header: string): void;
  /** Hands an expression to what comes next. At most once per kernel, as the last thing it writes. Not for sinks. */
  output(expression: string): void;
  /** Likewise the name of a `TextSpan`. */
  outputText(name: string): void;
  /** Likewise a pair of the element's text (`text`) and a value. */
  outputKeyedText(expression: string): void;
  /** Source text that ends the whole partition early, as when `take` has enough. */
  readonly stop: string;
}

/** Transforms a whole columnar batch. */
export interface ColumnKernel {
  readonly kind: "column";
  transform(batch: Batch, context: KernelContext): Batch;
}

/** Pull side of a partition: batches until undefined. Data flows synchronously; see `ready` for the one exception. */
export interface BatchReader {
  /** Next batch, valid until the next call; undefined at the end. */
  next(): Batch | undefined;
  /**
   * Where something upstream is asynchronous (`mapAsync`): a promise to await before the next `next()`; undefined when
   * `next()` may be called at once.
   */
  ready?(): Promise<void> | undefined;
  /** Makes the reader give its elements as texts, from the first batch on; undefined where it cannot. */
  texts?(): TextReader | undefined;
  /** Makes the reader give the numbers in its texts instead, from the first batch on. Close that reader, and not this one. */
  numbers?(of: SplitNumbers): BatchReader;
  /** Frees what the reader holds; called once, also after an error or an early end. */
  close?(): void;
}

/** A `BatchReader` of texts in bytes. */
export interface TextReader {
  next(): TextBatch | undefined;
  close?(): void;
}

/**
 * Makes a reader from the readers of the node's dependencies (none for a source): sources, `mapPartitions`, aggregates,
 * sorts, joins. Inputs are opened lazily, in any order, each at most once.
 */
export interface ReaderKernel {
  readonly kind: "reader";
  open(context: KernelContext, inputs: readonly KernelInput[]): BatchReader;
}

/** One dependency of a reader kernel. */
export interface KernelInput {
  /** The dependency's elements, in order: a narrow parent's partition or partitions, or a shuffle's rows in map order. */
  open(): BatchReader;
  /** For a shuffle dependency: each map output's share apart, in map order. */
  readonly segments: readonly ShuffleSegment[] | undefined;
}

/** What one map task wrote for this reducer. */
export interface ShuffleSegment {
  /** Opaque sketch that the map task's writer reported, as for range bounds. */
  readonly sketch: Uint8Array | undefined;
  /** Number of chunks that the writer appended to this reducer's segment. */
  readonly chunks: number;
  /** The rows of the chunks `from .. to` (all by default), in the order in which they were appended. */
  open(from?: number, to?: number): BatchReader;
}

/** Ends a pipeline: an action's per-partition part, or a shuffle's map side. */
export interface SinkKernel {
  readonly kind: "sink";
  open(context: KernelContext): Sink;
}

/** A sink for one task. */
export interface Sink {
  /** Writes the lines that take one element. */
  emit(code: RowCode): void;
  /** Whether it takes pairs whose keys are `TextSpan`s (`RowCode.keyedText`). */
  readonly takesKeyedTexts?: boolean;
  /**
   * Takes pairs that are pieces of texts, a batch of which it can make faster by itself than through `emit`. The cutter is always
   * the same. False, and nothing done, where it cannot; the batch then comes through `emit`.
   */
  takeCuts?(texts: Texts, cutter: TextCutter): boolean;
  /** Likewise elements that are joined of a batch of lists of texts, the parts being always the same. */
  takeJoined?(batch: ColumnBatch | InterleavedRows, parts: readonly JoinedPart[]): boolean;
  /** Called after every batch with the loop's locals written back; may spill. */
  afterBatch?(): void;
  /** After the last element: the task's result, a value the codec can carry. */
  finish(): unknown;
  /** The result is an array of elements or an object with one, for the message where an element cannot travel. */
  readonly holdsElements?: boolean;
  /** For output that may become visible once only: called after `finish()`, when the scheduler has granted this attempt. */
  commit?(): void;
  /** Frees what the sink holds; called once, also after an error. */
  close?(): void;
}

/** What a kernel knows of its task. */
export interface KernelContext {
  readonly stage: number;
  /** The partition of the node that this kernel computes. */
  readonly partition: number;
  readonly attempt: number;
  /** The node's user functions, rebuilt for this task. */
  readonly functions: readonly ((...values: never[]) => unknown)[];
  /** What the functions do with texts, by their index. */
  readonly textUses: readonly (TextUse | undefined)[];
  /** `KernelDescription.data`. */
  readonly data: unknown;
  /** What the node's `payload(partition)` gave on the driver. */
  readonly payload: unknown;
  readonly memory: TaskMemory;
  readonly output: BlockOutput;
  /**
   * A fresh copy of a self-contained function (no imports, no free names), compiled anew for this set of user functions,
   * so that V8's type feedback is never shared between stages. The same copy for every task of the stage.
   */
  instantiate<F extends (...values: never[]) => unknown>(template: F): F;
  /** Throws when the task is cancelled; cheap enough for every thousandth element. */
  checkCancelled(): void;
  /** Runs when the task ends, whatever its end. */
  onCompletion(action: () => void): void;
}
