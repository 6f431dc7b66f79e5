import type { BatchReader, KernelContext, KernelInput, RowKernel, ShuffleSegment, Sink, TextReader } from "@gloam/plan";
import { parentPartitions } from "@gloam/plan";
import { ColumnReader } from "./column-reader.ts";
import { freezeElement } from "./freeze-element.ts";
import { ConcatenatedReader } from "./concatenated-reader.ts";
import type { LoadedNode, LoadedStage } from "./loaded-stage.ts";
import { LoopWriter, type LoopSource } from "./loop-writer.ts";
import { SegmentReader, type LoopEnvironment } from "./segment-reader.ts";
import { takesTexts, type BoundKernel } from "./text-flow.ts";
import { TracedReader } from "./traced-reader.ts";
import { wholeBatches, type TakeWhole } from "./whole-batches.ts";

/** Operations in one generated loop at most: longer functions compile slowly and are not optimised. */
const operationsPerSegment = 64;
/** Nested loops in one generated loop at most. */
const loopsPerSegment = 16;

/** What the pipeline needs from the task around it. */
export interface PipelineTask {
  readonly loops: LoopEnvironment;
  /** Freeze every element before a row kernel or sink sees it. */
  readonly freeze: boolean;
  context(node: number, partition: number): KernelContext;
  /** The reader of a persisted node's partition: its block, or its computation with a copy kept. */
  persisted(node: number, partition: number, compute: () => BatchReader): BatchReader;
  /** What the map side of a shuffle has for a reduce partition. */
  segments(shuffle: number, partition: number): readonly ShuffleSegment[];
}

/** Row kernels, in order, behind a reader. */
interface Chain {
  readonly chain: readonly number[];
  readonly reader: BatchReader;
}

/** A chain of row kernels behind a reader, with a sink or without. */
export interface Segment {
  readonly source: LoopSource;
  /** Hashes of the chain's functions. */
  readonly functions: string;
}

/**
 * Opens a partition of a node by pulling: chains of row kernels become one generated loop, every other kernel a reader
 * over its inputs' readers. The depth of calls grows with the number of loops, not of operations.
 */
export class Pipeline {
  readonly #stage: LoadedStage;
  readonly #task: PipelineTask;

  constructor(stage: LoadedStage, task: PipelineTask) {
    this.#stage = stage;
    this.#task = task;
  }

  /** The reader of a node's partition. */
  open(node: number, partition: number): BatchReader {
    const { chain, reader } = this.#chain(node, partition);
    return this.#linked(chain, partition, reader);
  }

  /** A partition's reader and the loop that ends in the sink: the last chain's lines and the sink's are one loop. */
  openInto(
    node: number,
    partition: number,
    sink: Sink,
    sinkFunctions: readonly unknown[],
    sinkHashes: string,
  ): {
    readonly input: BatchReader | TextReader;
    readonly loop: Segment;
    /** Takes batches of the input whole, before the loop is asked. */
    readonly take: TakeWhole | undefined;
  } {
    const above = this.#chain(node, partition);
    const { chain, reader } = this.#numbers(above.chain, partition, above.reader);
    const last = { node: this.#stage.nodes.length, functions: sinkFunctions, hashes: sinkHashes, emit: sink };
    const whole = this.#whole(chain, partition, reader, sink);
    if (whole !== undefined) {
      const [loop] = this.#segments(chain, partition, false, last);
      return { input: whole.input, loop: loop!, take: whole.take };
    }
    const texts = this.#texts(chain, partition, reader, sink);
    const segments = this.#segments(chain, partition, texts !== undefined, last);
    const loop = segments.pop();
    if (loop === undefined) throw new Error("a chain with a sink has at least one loop");
    return { input: this.#link(texts ?? reader, segments), loop, take: undefined };
  }

  /** A reader's batches, through the loops of a chain. */
  #linked(nodes: readonly number[], partition: number, source: BatchReader): BatchReader {
    const { chain, reader } = this.#numbers(nodes, partition, source);
    if (chain.length === 0) return reader;
    const texts = this.#texts(chain, partition, reader);
    return this.#link(texts ?? reader, this.#segments(chain, partition, texts !== undefined)) as BatchReader;
  }

  #link(reader: BatchReader | TextReader, segments: readonly Segment[]): BatchReader | TextReader {
    let linked = reader;
    for (const { source, functions } of segments)
      linked = new SegmentReader(linked, source, functions, this.#task.loops);
    return linked;
  }

  /** The reader's elements as texts in bytes, where it has such and the chain is better off with them. */
  #texts(chain: readonly number[], partition: number, reader: BatchReader, sink?: Sink): TextReader | undefined {
    if (reader.texts === undefined || this.#task.freeze) return undefined;
    return takesTexts(this.#bound(chain, partition), sink) ? reader.texts() : undefined;
  }

  /** The reader whose batches a chain's sink takes whole, where it does, and what takes them. */
  #whole(
    chain: readonly number[],
    partition: number,
    reader: BatchReader,
    sink: Sink,
  ): { readonly input: BatchReader | TextReader; readonly take: TakeWhole } | undefined {
    if (this.#task.freeze) return undefined;
    const whole = wholeBatches(this.#bound(chain, partition), sink);
    const input = whole?.ofTexts === true ? reader.texts?.() : reader;
    if (whole === undefined || input === undefined) return undefined;
    const { take } = whole;
    return { input, take: (batch) => this.#attributed(this.#stage.nodes.length, () => take(batch)) };
  }

  #bound(chain: readonly number[], partition: number): BoundKernel[] {
    return chain.map((node) => {
      return { kernel: this.#stage.node(node).kernel as RowKernel, context: this.#task.context(node, partition) };
    });
  }

  /** Lets a reader of texts do what the first of the chain does, where that only makes numbers of them. */
  #numbers(chain: readonly number[], partition: number, reader: BatchReader): Chain {
    const [first, ...others] = chain;
    if (first === undefined || reader.numbers === undefined || this.#task.freeze) return { chain, reader };
    const kernel = this.#stage.node(first).kernel as RowKernel;
    const numbers = kernel.numbersOfTexts?.(this.#task.context(first, partition));
    return numbers === undefined ? { chain, reader } : { chain: others, reader: reader.numbers(numbers) };
  }

  /** Walks up over row kernels to the first node that is something else, and opens that. */
  #chain(node: number, partition: number): Chain {
    const chain: number[] = [];
    let at = node;
    for (;;) {
      const { kernel, level, inputs } = this.#stage.node(at);
      if (level !== undefined || kernel.kind !== "row") break;
      chain.push(at);
      const [input] = inputs;
      if (input?.kind !== "narrow") throw new Error("a row kernel has one narrow input");
      at = input.node;
    }
    chain.reverse();
    return { chain, reader: this.#openNode(at, partition) };
  }

  #openNode(node: number, partition: number): BatchReader {
    const loaded = this.#stage.node(node);
    const compute = (): BatchReader => this.#compute(node, loaded, partition);
    return loaded.level !== undefined ? this.#task.persisted(node, partition, compute) : compute();
  }

  #compute(node: number, { kernel, inputs }: LoadedNode, partition: number): BatchReader {
    if (kernel.kind === "sink") throw new Error("a sink is not a node's kernel");
    if (kernel.kind === "row") {
      // A persisted row node: its own loop, so that its elements can be kept.
      const [input] = inputs;
      if (input?.kind !== "narrow") throw new Error("a row kernel has one narrow input");
      const above = this.#chain(input.node, partition);
      return this.#linked([...above.chain, node], partition, above.reader);
    }
    const context = this.#task.context(node, partition);
    const opened = inputs.map((_, index) => this.#input(node, index, partition));
    if (kernel.kind === "column") {
      const [input] = opened;
      if (input === undefined) throw new Error("a column kernel has one input");
      return new TracedReader(new ColumnReader(input.open(), kernel, context), this.#task.loops.trace, node);
    }
    return new TracedReader(
      this.#attributed(node, () => kernel.open(context, opened)),
      this.#task.loops.trace,
      node,
    );
  }

  #attributed<T>(node: number, action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.#task.loops.trace.attribute(error, node);
      throw error;
    }
  }

  #input(node: number, index: number, partition: number): KernelInput {
    const input = this.#stage.node(node).inputs[index];
    if (input === undefined) throw new Error(`no input ${index}`);
    if (input.kind === "narrow") {
      return {
        segments: undefined,
        open: () => {
          const parents = parentPartitions(input.mapping, partition);
          const [only] = parents;
          if (parents.length === 1 && only !== undefined) return this.open(input.node, only);
          return new ConcatenatedReader(parents.map((parent) => () => this.open(input.node, parent)));
        },
      };
    }
    const segments = this.#task.segments(input.shuffle, partition);
    return {
      segments,
      open: () => new ConcatenatedReader(segments.map((segment) => () => segment.open())),
    };
  }

  /** Cuts a chain into loops of bounded size; the sink, when there is one, ends the last. */
  #segments(
    chain: readonly number[],
    partition: number,
    isText: boolean,
    sink?: {
      readonly node: number;
      readonly functions: readonly unknown[];
      readonly hashes: string;
      readonly emit: Sink;
    },
  ): Segment[] {
    const segments: Segment[] = [];
    let writer = new LoopWriter("v0", isText);
    let hashes: string[] = [];
    let operations = 0;
    const cut = (collects: boolean): void => {
      segments.push({ source: writer.finish(collects), functions: hashes.join() });
      writer = new LoopWriter("v0");
      hashes = [];
      operations = 0;
    };
    for (const node of chain) {
      const { kernel, functions, functionHashes } = this.#stage.node(node) as LoadedNode & {
        kernel: RowKernel;
      };
      const bound = this.#task.context(node, partition);
      if (this.#task.freeze) writer.write(node, [], freezeElement);
      writer.write(node, bound.functions, (code) => kernel.emit(code, bound));
      if (functions > 0) hashes.push(functionHashes);
      operations++;
      if (operations >= operationsPerSegment || writer.loops >= loopsPerSegment) cut(true);
    }
    if (sink !== undefined) {
      if (this.#task.freeze) writer.write(sink.node, [], freezeElement);
      writer.write(sink.node, sink.functions, (code) => sink.emit.emit(code));
      hashes.push(sink.hashes);
      cut(false);
    } else if (operations > 0) {
      cut(true);
    }
    return segments;
  }
}
