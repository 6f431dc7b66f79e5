import type { Column } from "../column.ts";
import type { MixedValues } from "./mixed-column.ts";
import { noFloats, noIntegers, placesOf } from "./source-places.ts";

/** Columns of numbers: int32 while all are, then float64. */
export class MixedNumbers implements MixedValues {
  readonly #integers: Int32Array[];
  readonly #floats: Float64Array[];
  #allIntegers = true;
  #integersOut = new Int32Array(0);
  #floatsOut = new Float64Array(0);

  constructor(sources: number) {
    this.#integers = placesOf(sources, noIntegers);
    this.#floats = placesOf(sources, noFloats);
  }

  place(source: number, column: Column): boolean {
    if (column.kind === "float64") {
      this.#widen();
      this.#floats[source] = column.values;
    } else if (column.kind === "int32") {
      if (this.#allIntegers) this.#integers[source] = column.values;
      else this.#floats[source] = new Float64Array(column.values);
    } else return false;
    return true;
  }

  gather(sources: Int32Array, rows: Int32Array, from: number, to: number): Column {
    const length = to - from;
    if (this.#allIntegers) {
      if (this.#integersOut.length < length) this.#integersOut = new Int32Array(length);
      gatherIntegers(this.#integers, sources, rows, from, to, this.#integersOut);
      return { kind: "int32", values: this.#integersOut.subarray(0, length) };
    }
    if (this.#floatsOut.length < length) this.#floatsOut = new Float64Array(length);
    gatherFloats(this.#floats, sources, rows, from, to, this.#floatsOut);
    return { kind: "float64", values: this.#floatsOut.subarray(0, length) };
  }

  #widen(): void {
    if (!this.#allIntegers) return;
    this.#allIntegers = false;
    this.#integers.forEach((values, source) => (this.#floats[source] = new Float64Array(values)));
    this.#integers.fill(noIntegers);
  }
}

// One function per class of array: V8 would otherwise find several classes at one place.

function gatherIntegers(
  values: readonly Int32Array[],
  sources: Int32Array,
  rows: Int32Array,
  from: number,
  to: number,
  out: Int32Array,
): void {
  for (let i = from; i < to; i++) out[i - from] = values[sources[i]!]![rows[i]!]!;
}

function gatherFloats(
  values: readonly Float64Array[],
  sources: Int32Array,
  rows: Int32Array,
  from: number,
  to: number,
  out: Float64Array,
): void {
  for (let i = from; i < to; i++) out[i - from] = values[sources[i]!]![rows[i]!]!;
}
