/**
 * The classes of typed arrays that have columns of their own, by name. Uint8Arrays are `binary`. Their order is that of their numbers
 * within MessagePack values (`binaryClasses`).
 */
export const vectorClasses = {
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

/** The name of such a class. */
export type VectorClass = keyof typeof vectorClasses;

/** An array of such a class. */
export type Vector =
  | Int8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

const byPrototype = new Map<unknown, VectorClass>(
  Object.entries(vectorClasses).map(([name, { prototype }]) => [prototype, name as VectorClass]),
);

/** The class of the objects that have this prototype; undefined for any other prototype. */
export function vectorClassOf(prototype: unknown): VectorClass | undefined {
  return byPrototype.get(prototype);
}

/** The class of that name; undefined for any other text. */
export function vectorClassNamed(name: string | undefined): VectorClass | undefined {
  return name !== undefined && Object.hasOwn(vectorClasses, name) ? (name as VectorClass) : undefined;
}

/** Bytes of an element. */
export function vectorWidth(of: VectorClass): number {
  return vectorClasses[of].BYTES_PER_ELEMENT;
}

/** An array over memory that is there already. */
export function vectorOver(of: VectorClass, buffer: ArrayBufferLike, byteOffset: number, length: number): Vector {
  return new vectorClasses[of](buffer as ArrayBuffer, byteOffset, length);
}
