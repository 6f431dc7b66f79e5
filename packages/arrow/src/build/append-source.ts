import type { Shape } from "../shape.ts";
import { vectorWidth, type VectorClass } from "../vector-classes.ts";

/**
 * The source of the functions that append values of one shape. Written out per shape, so that V8 sees one type at each
 * place and no call: a walk over column objects costs several times as much.
 *
 * A row is committed by counting it: text, bytes and lists begin where the offset of their row says, so that whatever a
 * refused row has written is written over by the next one.
 *
 * The names: `n` rows; per column `v` values, `o` offsets, `x` bytes, `b` booleans, `y` validity, `u` undefined bits,
 * each with the column's number in the order of a walk from the root; `k` the capacity of a list's elements.
 */
export function appendSource(shape: Shape): string {
  return new AppendSource().write(shape);
}

/** Columns that are indexed alike: the rows, or the elements of one list. */
interface Domain {
  /** Expression for the number of values in use. */
  readonly length: string;
  /** Statements that enlarge every column to `size`. */
  readonly enlarge: string[];
  /**
   * Within a list's loop, buffers have a second name each, a constant: V8 would otherwise load and check the variable for
   * every element. They change only where the list makes room, before the loop.
   */
  readonly constants?: string[];
}

/** Statements for one column. */
interface Append {
  /** Appends the value, or returns false. */
  readonly present: string;
  /** Fills the place of a value that is absent because it, or what it lies in, is null. */
  readonly absent: string;
}

class AppendSource {
  readonly #variables: string[] = [];
  readonly #functions: string[] = [];
  readonly #sizes: string[] = [];
  /** Variables that make up the appender's state. */
  readonly #state: string[] = ["n", "capacity"];
  readonly #adoptions: string[] = [];
  readonly #releases: string[] = [];
  /** What makes the state complete, and what drops what it lacks. */
  readonly #flushes: string[] = [];
  readonly #clears: string[] = [];
  #columns = 0;

  write(shape: Shape): string {
    const rows: Domain = { length: "n", enlarge: [] };
    let append: string;
    let appendPair: string;
    if (shape.kind === "tuple" && shape.children.length === 2 && !shape.nullable && !shape.undefinable) {
      this.#columns = 1;
      const elements = shape.children.map((child, i) => this.#column(child, `e${i}`, "n", rows).present);
      appendPair = room + elements.join("") + commit;
      append = `${isArray("v", 2)}const e0 = v[0], e1 = v[1];\n`;
      shape.children.forEach((child, i) => (append += noHole(child, `e${i}`, String(i), "v")));
      append += "return appendPair(e0, e1);\n";
    } else {
      append = room + this.#column(shape, "v", "n", rows).present + commit;
      appendPair = "return append([e0, e1]);\n";
    }
    return `"use strict";
const { longestRows, longestBytes, writeText, writeTexts, packValue, packedBuffer, emptyBuffer } = runtime;
const arrayPrototype = Array.prototype, objectPrototype = Object.prototype, datePrototype = Date.prototype, bytesPrototype = Uint8Array.prototype;
const isArray = Array.isArray, prototypeOf = Object.getPrototypeOf, noOffsets = new Int32Array(1), noBits = new Uint8Array(0);
return function makeAppender(hints) {
let n = 0, capacity = 0;
${this.#variables.join("")}
function grow() {
  if (capacity >= longestRows) return false;
  const size = capacity === 0 ? hints[0] || 64 : capacity * 2;
  ${rows.enlarge.join("")}
  capacity = size;
  return true;
}
${this.#functions.join("")}
function append(v) {
${append}}
function appendPair(e0, e1) {
${appendPair}}
return {
  append, appendPair,
  length() { return n; },
  byteLength() { return ${this.#sizes.join(" + ") || "0"}; },
  state() {
    ${this.#flushes.join("")}    return { ${this.#state.join(", ")} };
  },
  adopt(state) { ({ ${this.#state.join(", ")} } = state);
${this.#adoptions.join("")}  },
  clear() { n = 0; ${this.#clears.join("")}},
  release() {
    hints[0] = capacity; n = 0; capacity = 0; ${this.#clears.join("")}
    ${this.#releases.join("")}
  },
};
};`;
  }

  #column(shape: Shape, value: string, index: string, domain: Domain): Append {
    const id = this.#columns++;
    const inner = this.#ownBuffers(shape, id, value, index, domain);
    if (!shape.nullable && !shape.undefinable) return inner;
    // A column of nothing but null needs no validity.
    const validity = shape.kind === "null" ? undefined : this.#bits(`y${id}`, domain);
    const undefinedBits = shape.undefinable ? this.#bits(`u${id}`, domain) : undefined;
    const mark = (valid: boolean, isUndefined: boolean) =>
      (validity === undefined ? "" : putBit(validity, index, valid)) +
      (undefinedBits === undefined ? "" : putBit(undefinedBits, index, isUndefined));
    let present = "";
    if (shape.nullable) present += `if (${value} === null) {\n${mark(false, false)}${inner.absent}} else `;
    if (shape.undefinable) present += `if (${value} === undefined) {\n${mark(false, true)}${inner.absent}} else `;
    present += `{\n${mark(true, false)}${inner.present}}\n`;
    return { present, absent: mark(false, false) + inner.absent };
  }

  #ownBuffers(shape: Shape, id: number, value: string, index: string, domain: Domain): Append {
    switch (shape.kind) {
      case "null":
        return { present: "return false;\n", absent: "" };
      case "int32": {
        const values = this.#values(`v${id}`, "Int32Array", 1, domain);
        return {
          present: `if (typeof ${value} !== "number") return false;
const z${id} = ${value} | 0;
if (z${id} !== ${value} || (z${id} === 0 && 1 / ${value} < 0)) return false;
${values}[${index}] = z${id};
`,
          absent: `${values}[${index}] = 0;\n`,
        };
      }
      case "float64": {
        const values = this.#values(`v${id}`, "Float64Array", 1, domain);
        this.#adoptions.push(`if (v${id} instanceof Int32Array) v${id} = new Float64Array(v${id});\n`);
        return {
          present: `if (typeof ${value} !== "number") return false;\n${values}[${index}] = ${value};\n`,
          absent: `${values}[${index}] = 0;\n`,
        };
      }
      case "int64": {
        const values = this.#values(`v${id}`, "BigInt64Array", 1, domain);
        return {
          present: `if (typeof ${value} !== "bigint" || BigInt.asIntN(64, ${value}) !== ${value}) return false;\n${values}[${index}] = ${value};\n`,
          absent: `${values}[${index}] = 0n;\n`,
        };
      }
      case "timestamp": {
        // As two halves: making a bigint of each would cost more than all the rest.
        const values = this.#values(`v${id}`, "Int32Array", 2, domain);
        return {
          present: `if (typeof ${value} !== "object" || ${value} === null || prototypeOf(${value}) !== datePrototype) return false;
const t${id} = ${value}.getTime();
if (t${id} !== t${id}) return false;
${values}[2 * ${index}] = t${id};
${values}[2 * ${index} + 1] = Math.floor(t${id} / 4294967296);
`,
          absent: `${values}[2 * ${index}] = 0;\n${values}[2 * ${index} + 1] = 0;\n`,
        };
      }
      case "boolean": {
        const bits = this.#bits(`b${id}`, domain);
        return {
          present: `if (${value} === true) {\n${putBit(bits, index, true)}} else if (${value} === false) {\n${putBit(bits, index, false)}} else return false;\n`,
          absent: putBit(bits, index, false),
        };
      }
      case "utf8":
        return this.#text(id, value, index, domain);
      case "binary":
        return this.#binary(id, value, index, domain);
      case "vector":
        return this.#vector(shape.of, id, value, index, domain);
      case "any":
        return this.#any(id, value, index, domain);
      case "tuple":
        return this.#tuple(shape.children, id, value, index, domain);
      case "object":
        return this.#object(shape.names, shape.children, id, value, index, domain);
      case "list":
        return this.#list(shape.child, id, value, index, domain);
    }
  }

  /**
   * Short strings are written at once, character by character. Longer ones wait, up to 64 of them, added to one string `s`
   * that is written by one native call: a call costs as much as 50 characters, and a character of a substring 4 ns. While
   * some wait (from row `r` on, or none if that is negative) their offsets are those of ASCII; `h` mends them if they are not.
   * A refused row may have left text at the end of `s`, or an `r` that lies behind the next row.
   */
  #text(id: number, value: string, index: string, domain: Domain): Append {
    const { offsets, bytes } = this.#bytes(id, domain);
    const ends = constant(offsets, domain);
    this.#variables.push(`let r${id} = -1, s${id} = "";\n`);
    this.#functions.push(`function h${id}(end) {
  const first = r${id}, start = ${offsets}[first], length = ${offsets}[end] - start;
  const text = s${id}.length === length ? s${id} : s${id}.substring(0, length);
  const need = start + (length < 100000 ? 3 * length : Buffer.byteLength(text));
  if (need > ${bytes}.length) g${id}(need);
  if (${bytes}.write(text, start) !== length) writeTexts(${bytes}, ${offsets}, first, end, text);
  s${id} = "";
  r${id} = -1;
}
`);
    this.#flushes.push(`if (r${id} >= 0) h${id}(${domain.length});\n`);
    this.#clears.push(`if (r${id} >= 0) { r${id} = -1; s${id} = ""; }\n`);
    const present = `if (typeof ${value} !== "string") return false;
if (r${id} >= 0) {
  if (r${id} > ${index}) r${id} = -1;
  else if (${index} - r${id} >= 64 || ${ends}[${index}] - ${ends}[r${id}] > 65536) h${id}(${index});
}
const p${id} = ${ends}[${index}], l${id} = ${value}.length;
if (r${id} < 0 && l${id} < 12) {
  if (p${id} + 36 > ${bytes}.length && !g${id}(p${id} + 36)) return false;
  let all = 0;
  for (let i = 0; i < l${id}; i++) {
    const unit = ${value}.charCodeAt(i);
    ${bytes}[p${id} + i] = unit;
    all |= unit;
  }
  let end = p${id} + l${id};
  if (all >= 128 && (end = writeText(${bytes}, p${id}, ${value})) < 0) return false;
  ${ends}[${index} + 1] = end;
} else {
  if (!${value}.isWellFormed() || p${id} + 3 * l${id} + 200000 > longestBytes) return false;
  if (r${id} < 0) r${id} = ${index};
  const q${id} = p${id} - ${ends}[r${id}];
  s${id} = s${id}.length === q${id} ? s${id} + ${value} : s${id}.substring(0, q${id}) + ${value};
  ${ends}[${index} + 1] = p${id} + l${id};
}
`;
    const absent = `if (r${id} >= 0 && ${index} - r${id} >= 64) h${id}(${index});
${ends}[${index} + 1] = ${ends}[${index}];
`;
    return { present, absent };
  }

  #binary(id: number, value: string, index: string, domain: Domain): Append {
    const { offsets, bytes } = this.#bytes(id, domain);
    const ends = constant(offsets, domain);
    const present = `if (typeof ${value} !== "object" || ${value} === null || prototypeOf(${value}) !== bytesPrototype || !ArrayBuffer.isView(${value})) return false;
const p${id} = ${ends}[${index}], q${id} = p${id} + ${value}.length;
if (q${id} > ${bytes}.length && !g${id}(q${id})) return false;
${bytes}.set(${value}, p${id});
${ends}[${index} + 1] = q${id};
`;
    return { present, absent: `${ends}[${index} + 1] = ${ends}[${index}];\n` };
  }

  #vector(of: VectorClass, id: number, value: string, index: string, domain: Domain): Append {
    const offsets = this.#offsets(id, domain);
    const ends = constant(offsets, domain);
    const values = `v${id}`;
    const width = vectorWidth(of);
    this.#variables.push(`const a${id} = ${of}.prototype;\nlet ${values} = new ${of}(0);\n`);
    this.#functions.push(`function d${id}(needed) {
  if (needed * ${width} > longestBytes) return false;
  const wanted = Math.max(hints[${id + 1}] || 64, 2 * ${values}.length, needed);
  const larger = new ${of}(wanted * ${width} > longestBytes ? needed : wanted);
  larger.set(${values});
  ${values} = larger;
  return true;
}
`);
    this.#sizes.push(`${offsets}[${domain.length}] * ${width}`);
    this.#state.push(values);
    this.#releases.push(`hints[${id + 1}] = ${values}.length; ${values} = new ${of}(0);\n`);
    // By `set`, which copies bytes: what a loop loads and stores need not keep which NaN it is.
    const present = `if (typeof ${value} !== "object" || ${value} === null || prototypeOf(${value}) !== a${id} || !ArrayBuffer.isView(${value})) return false;
const m${id} = ${ends}[${index}], q${id} = m${id} + ${value}.length;
if (q${id} > ${values}.length && !d${id}(q${id})) return false;
${values}.set(${value}, m${id});
${ends}[${index} + 1] = q${id};
`;
    return { present, absent: `${ends}[${index} + 1] = ${ends}[${index}];\n` };
  }

  #any(id: number, value: string, index: string, domain: Domain): Append {
    const { offsets, bytes } = this.#bytes(id, domain);
    const ends = constant(offsets, domain);
    const present = `if (${bytes}.length === 0) g${id}(512);
const q${id} = packValue(${bytes}, ${ends}[${index}], ${value});
${bytes} = packedBuffer();
if (q${id} < 0 || q${id} > longestBytes) return false;
${ends}[${index} + 1] = q${id};
`;
    return { present, absent: `${ends}[${index} + 1] = ${ends}[${index}];\n` };
  }

  #tuple(children: readonly Shape[], id: number, value: string, index: string, domain: Domain): Append {
    let present = isArray(value, children.length);
    let absent = "";
    children.forEach((child, i) => {
      const name = `w${id}_${i}`;
      const element = this.#column(child, name, index, domain);
      present += `const ${name} = ${value}[${i}];\n${noHole(child, name, String(i), value)}${element.present}`;
      absent += element.absent;
    });
    return { present, absent };
  }

  #object(
    names: readonly string[],
    children: readonly Shape[],
    id: number,
    value: string,
    index: string,
    domain: Domain,
  ): Append {
    this.#variables.push(`const f${id} = ${JSON.stringify(names)};\n`);
    let present = `if (typeof ${value} !== "object" || ${value} === null || prototypeOf(${value}) !== objectPrototype) return false;
let c${id} = 0;
for (const name in ${value}) if (name !== f${id}[c${id}++]) return false;
if (c${id} !== ${names.length}) return false;
`;
    let absent = "";
    children.forEach((child, i) => {
      const name = `w${id}_${i}`;
      const field = this.#column(child, name, index, domain);
      present += `const ${name} = ${value}[${JSON.stringify(names[i])}];\n${field.present}`;
      absent += field.absent;
    });
    return { present, absent };
  }

  #list(child: Shape, id: number, value: string, index: string, domain: Domain): Append {
    const offsets = this.#offsets(id, domain);
    const ends = constant(offsets, domain);
    const elements = { length: `${offsets}[${domain.length}]`, enlarge: [] as string[], constants: [] as string[] };
    const { present } = this.#column(child, `w${id}`, `i${id}`, elements);
    this.#variables.push(`let k${id} = 0;\n`);
    this.#state.push(`k${id}`);
    this.#functions.push(`function d${id}(needed) {
  if (needed > longestRows) return false;
  const size = Math.max(hints[${id + 1}] || 64, 2 * k${id}, needed);
  ${elements.enlarge.join("")}
  k${id} = size;
  return true;
}
`);
    this.#releases.push(`hints[${id + 1}] = k${id}; k${id} = 0;\n`);
    return {
      present: `${isArray(value)}const m${id} = ${ends}[${index}], l${id} = ${value}.length;
if (m${id} + l${id} > k${id} && !d${id}(m${id} + l${id})) return false;
${elements.constants.join("")}for (let j${id} = 0; j${id} < l${id}; j${id}++) {
const w${id} = ${value}[j${id}], i${id} = m${id} + j${id};
${noHole(child, `w${id}`, `j${id}`, value)}${present}}
${ends}[${index} + 1] = m${id} + l${id};
`,
      absent: `${ends}[${index} + 1] = ${ends}[${index}];\n`,
    };
  }

  #values(name: string, type: string, width: number, domain: Domain): string {
    this.#variables.push(`let ${name} = new ${type}(0);\n`);
    const size = width === 1 ? "size" : `size * ${width}`;
    domain.enlarge.push(`{ const larger = new ${type}(${size}); larger.set(${name}); ${name} = larger; }\n`);
    this.#sizes.push(`${domain.length} * 8`);
    this.#state.push(name);
    this.#releases.push(`${name} = new ${type}(0);\n`);
    return constant(name, domain);
  }

  #bits(name: string, domain: Domain): string {
    this.#variables.push(`let ${name} = noBits;\n`);
    domain.enlarge.push(`{ const larger = new Uint8Array((size + 7) >> 3); larger.set(${name}); ${name} = larger; }\n`);
    this.#sizes.push(`(${domain.length} >> 3)`);
    this.#state.push(name);
    this.#releases.push(`${name} = noBits;\n`);
    return constant(name, domain);
  }

  #offsets(id: number, domain: Domain): string {
    const name = `o${id}`;
    this.#variables.push(`let ${name} = noOffsets;\n`);
    domain.enlarge.push(`{ const larger = new Int32Array(size + 1); larger.set(${name}); ${name} = larger; }\n`);
    this.#sizes.push(`${domain.length} * 4`);
    this.#state.push(name);
    this.#releases.push(`${name} = noOffsets;\n`);
    return name;
  }

  #bytes(id: number, domain: Domain): { offsets: string; bytes: string } {
    const offsets = this.#offsets(id, domain);
    const bytes = `x${id}`;
    this.#variables.push(`let ${bytes} = emptyBuffer;\n`);
    this.#functions.push(`function g${id}(needed) {
  if (needed > longestBytes) return false;
  const larger = Buffer.allocUnsafeSlow(Math.max(hints[${id + 1}] || 512, 2 * ${bytes}.length, needed));
  larger.set(${bytes});
  ${bytes} = larger;
  return true;
}
`);
    this.#sizes.push(`${offsets}[${domain.length}]`);
    this.#state.push(bytes);
    this.#releases.push(`hints[${id + 1}] = ${bytes}.length; ${bytes} = emptyBuffer;\n`);
    return { offsets, bytes };
  }
}

/** The name by which the code that appends to a domain knows a buffer. */
function constant(name: string, domain: Domain): string {
  if (domain.constants === undefined) return name;
  domain.constants.push(`const ${name}c = ${name};\n`);
  return `${name}c`;
}

const room = "if (n === capacity && !grow()) return false;\n";
const commit = "n++;\nreturn true;\n";

function isArray(value: string, length?: number): string {
  const wrongLength = length === undefined ? "" : ` || ${value}.length !== ${length}`;
  return `if (!isArray(${value})${wrongLength} || prototypeOf(${value}) !== arrayPrototype) return false;\n`;
}

/** Where undefined is welcome, it has to be told from a hole. */
function noHole(shape: Shape, value: string, index: string, array: string): string {
  if (!shape.undefinable && shape.kind !== "any") return "";
  return `if (${value} === undefined && !(${index} in ${array})) return false;\n`;
}

function putBit(bits: string, index: string, one: boolean): string {
  return one
    ? `${bits}[${index} >> 3] |= 1 << (${index} & 7);\n`
    : `${bits}[${index} >> 3] &= ~(1 << (${index} & 7));\n`;
}
