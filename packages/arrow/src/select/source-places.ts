/**
 * A list with a place for each source, all with the same content. Never with holes, whatever the order in which places are
 * filled: V8 has other code for lists with holes.
 */
export function placesOf<T>(sources: number, empty: T): T[] {
  const places: T[] = [];
  for (let source = 0; source < sources; source++) places.push(empty);
  return places;
}

export const noIntegers = new Int32Array(0);
export const noFloats = new Float64Array(0);
export const noBytes = new Uint8Array(0);
/** The offsets of no row. */
export const noOffsets = new Int32Array(1);
