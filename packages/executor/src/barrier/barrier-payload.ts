import { decodeValue, encodeValue } from "@gloam/arrow";

/** Typed arrays that travel as their bytes; the first byte of a payload is the position here, and one more. */
const typedArrays = [
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  BigInt64Array,
  BigUint64Array,
] as const;

/** First byte of a payload that the codec made. */
const encoded = 0;

/** The bytes of a value that tasks of a barrier give each other: those of a typed array are copied as they are. */
export function encodePayload(value: unknown): Uint8Array<ArrayBuffer> {
  const kind = typedArrays.findIndex((type) => value instanceof type && value.constructor === type);
  const bytes =
    kind < 0
      ? encodeValue(value, { name: "a value given to other tasks" })
      : bytesOf(value as InstanceType<(typeof typedArrays)[number]>);
  const payload = new Uint8Array(bytes.length + 1);
  payload[0] = kind < 0 ? encoded : kind + 1;
  payload.set(bytes, 1);
  return payload;
}

/** The value of `encodePayload`'s bytes. */
export function decodePayload(payload: Uint8Array): unknown {
  const type = typedArrays[(payload[0] ?? encoded) - 1];
  if (type === undefined) return decodeValue(payload.subarray(1));
  // A buffer of its own, so that it begins where elements may.
  const { buffer } = new Uint8Array(payload.subarray(1));
  return new type(buffer);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
