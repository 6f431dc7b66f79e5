import { packedBuffer, packValue } from "../value/encode-value.ts";
import { emptyShape, joinShapes, shapeKey, type Shape } from "../shape.ts";
import { appendSource } from "./append-source.ts";
import { writeText, writeTexts } from "./text-writer.ts";

/** Appends values of one shape to buffers of its own. */
export interface Appender {
  readonly append: (value: unknown) => boolean;
  readonly appendPair: (key: unknown, value: unknown) => boolean;
  length(): number;
  byteLength(): number;
  /** The live variables by name, see `appendSource`. */
  state(): AppenderState;
  /** Goes on with the state of another appender, whose int32 columns may be float64 columns here. */
  adopt(state: AppenderState): void;
  /** Forgets the rows and keeps the buffers. */
  clear(): void;
  /** Lets go of the buffers; the next ones begin as large, through `hints`. */
  release(): void;
}

/** Buffers and lengths of an appender. */
export type AppenderState = Readonly<Record<string, ArrayBufferView | number>>;

/** Most rows of a batch and elements of a list column: lengths are bounded before anything believes them. */
export const longestRows = 1 << 24;
/** Most bytes of a text or binary column: offsets have 32 bits. */
export const longestBytes = 0x7fff_ffff;

type Maker = (hints: number[]) => Appender;

let compiled = 0;

const runtime = {
  longestRows,
  longestBytes,
  writeText,
  writeTexts,
  packValue,
  packedBuffer,
  emptyBuffer: Buffer.allocUnsafeSlow(0),
};

/**
 * Compiled append functions, and the types that builders have found. Builders that share one share V8's type feedback and
 * begin with the types of those before them: one for each stage keeps the stage's loops monomorphic whatever other stages
 * append, and gives the batches of all its tasks one layout.
 */
export class BuilderCode {
  readonly #makers = new Map<string, Maker>();
  /** What builders begin with. */
  #shape: Shape = emptyShape;

  /** The types that a new builder begins with. */
  get shape(): Shape {
    return this.#shape;
  }

  /** Called with the types that a builder has widened to. */
  learn(shape: Shape): void {
    this.#shape = joinShapes(this.#shape, shape);
  }

  /** An appender of that shape. `hints` carries sizes from one set of buffers to the next. */
  appender(shape: Shape, hints: number[]): Appender {
    const key = shapeKey(shape);
    let maker = this.#makers.get(key);
    if (maker === undefined) {
      // Data of endless kinds must not fill the memory with code.
      if (this.#makers.size >= 500) this.#makers.clear();
      // The source holds nothing of the data but the names of object fields, as JSON.
      // V8 shares the type feedback of functions with one text: the number keeps them apart.
      const text = `// ${compiled++}\n${appendSource(shape)}`;
      const make = new Function("runtime", text) as (from: typeof runtime) => Maker;
      maker = make(runtime);
      this.#makers.set(key, maker);
    }
    return maker(hints);
  }
}
