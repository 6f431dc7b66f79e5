import type { Batch, SplitNumbers } from "@gloam/plan";
import { decodeLines } from "./decode-lines.ts";
import { enoughNumbers, mostLineBytes, NumberListsKernel } from "./kernels/number-lists-kernel.ts";
import type { LineBytes } from "./line-reader.ts";

type Columns = NonNullable<Batch["columns"]>;
type Column = Columns["column"];

/** Written into each column, as it is where columns are decoded: so loops meet one shape of objects. */
const validity = undefined;

/** A thread's kernel that no reader uses. */
let idle: NumberListsKernel | undefined;

/** Undefined where a limit on address space leaves none for WebAssembly, which reserves 10 GiB for a memory. */
function newKernel(): NumberListsKernel | undefined {
  try {
    return new NumberListsKernel();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Makes columns of the numbers in lines, `text.split(separator).map(conversion)`, without a string, a list or a number in between. They
 * are typed as a builder of batches would type the lists: pairs are tuples until a list of another length comes, and
 * numbers integers until one comes that is none.
 */
export class NumberLists {
  readonly #separator: string;
  readonly #convert: (piece: string) => number;
  #kernel: NumberListsKernel | undefined;
  /** A line that is too long for the kernel, until what came before is taken. */
  #long: LineBytes | undefined;
  #pairs = true;
  #integers: [boolean, boolean] = [true, true];

  constructor({ separator, conversion }: SplitNumbers) {
    this.#separator = separator;
    this.#convert = conversion === "Number" ? Number : Number.parseFloat;
    this.#kernel = idle ?? newKernel();
    idle = undefined;
  }

  /**
   * The next lists, valid until the next call; undefined at the end.
   * @param pull Gives the next lines.
   */
  next(pull: () => LineBytes | undefined): Batch | undefined {
    const kernel = this.#kernel;
    if (kernel === undefined) {
      const lines = pull();
      return lines && this.#rows(lines);
    }
    kernel.clear();
    while (kernel.count < enoughNumbers) {
      const lines = this.#long ?? pull();
      if (lines === undefined) break;
      const { buffer, from, to } = lines;
      if (to - from > mostLineBytes) {
        this.#long = lines;
        if (kernel.length > 0) break;
        this.#long = undefined;
        return this.#rows(lines);
      }
      kernel.read(buffer, from, to, this.#separator, this.#convert);
    }
    const { length } = kernel;
    return length === 0 ? undefined : { length, columns: { length, column: this.#column(kernel) } };
  }

  /** Lets another reader have the memory. Not to be read from afterwards. */
  close(): void {
    idle ??= this.#kernel;
    this.#kernel = undefined;
  }

  #rows({ buffer, from, to }: LineBytes): Batch {
    const convert = this.#convert;
    const rows = decodeLines(buffer, from, to).map((line) =>
      line.split(this.#separator).map((piece) => convert(piece)),
    );
    return { length: rows.length, rows };
  }

  #column({ numbers, offsets, length }: NumberListsKernel): Column {
    this.#pairs &&= numbers.length === 2 * length && offsets.every((offset, at) => offset === 2 * at);
    if (!this.#pairs) {
      this.#integers.fill(this.#integers[0] && this.#integers[1]);
      return { kind: "list", validity, offsets, child: this.#numbers(numbers, 0) };
    }
    const children = [0, 1].map((place) => {
      const every = new Float64Array(length);
      for (let at = 0; at < length; at++) every[at] = numbers[2 * at + place]!;
      return this.#numbers(every, place);
    });
    return { kind: "tuple", validity, children };
  }

  /** Integers until there was one that is none. */
  #numbers(values: Float64Array, place: number): Column {
    if (this.#integers[place] !== true) return { kind: "float64", validity, values };
    const integers = new Int32Array(values.length);
    for (let at = 0; at < values.length; at++) {
      const value = values[at]!;
      const integer = value | 0;
      if (integer !== value || (integer === 0 && 1 / value < 0)) {
        this.#integers[place] = false;
        return { kind: "float64", validity, values };
      }
      integers[at] = integer;
    }
    return { kind: "int32", validity, values: integers };
  }
}
