/** Children of one object that are looked at; the rest is taken to be like them. */
const sampled = 16;
/** Bytes of the buffers that small typed arrays share as they are read, see `RowOptions.sharesBuffers` of @gloam/arrow. */
const sharedBuffer = 2048;

/**
 * About how many bytes a value takes on the JavaScript heap. Looks at a few children of large values only, so that the cost
 * is bounded: below 1 µs.
 */
export function estimateHeap(value: unknown): number {
  return estimate(value, 3);
}

function estimate(value: unknown, depth: number): number {
  switch (typeof value) {
    case "number":
      return 16;
    case "string":
      return 24 + value.length;
    case "bigint":
      return 24;
    case "object":
      return value === null ? 8 : 8 + estimateObject(value, depth);
    default:
      return 8;
  }
}

function estimateObject(value: object, depth: number): number {
  if (ArrayBuffer.isView(value)) return 120 + estimateView(value);
  if (Array.isArray(value)) return 32 + 8 * value.length + estimateElements(value, depth);
  if (value instanceof Map || value instanceof Set) return 80 + 32 * value.size + estimateMembers(value, depth);
  const fields: unknown[] = Object.values(value);
  return 32 + 8 * fields.length + estimateElements(fields, depth);
}

/** A small array may share its buffer with others that are gone. */
function estimateView({ byteLength, buffer }: ArrayBufferView): number {
  return Math.max(byteLength, Math.min(buffer.byteLength, sharedBuffer));
}

function estimateElements(elements: readonly unknown[], depth: number): number {
  const length = elements.length;
  if (length === 0 || depth === 0) return 0;
  const step = Math.max(1, Math.floor(length / sampled));
  let bytes = 0;
  let seen = 0;
  for (let i = 0; i < length && seen < sampled; i += step, seen++) {
    // Not `elements[i]`: V8 compiles a place that has seen arrays of floats and of objects so that it makes the former into the
    // latter, for good. The user's code would find its arrays slow (seen: sums of ten floats 100 ns, then 550).
    const element: unknown = Reflect.get(elements, i);
    // Numbers lie in the array itself.
    if (typeof element !== "number") bytes += estimate(element, depth - 1);
  }
  return Math.ceil((bytes / seen) * length);
}

function estimateMembers(members: Iterable<unknown> & { readonly size: number }, depth: number): number {
  if (members.size === 0 || depth === 0) return 0;
  let bytes = 0;
  let seen = 0;
  for (const member of members) {
    bytes += estimate(member, depth - 1);
    if (++seen === sampled) break;
  }
  return Math.ceil((bytes / seen) * members.size);
}
