/**
 * Records of about 100 bytes that tasks make from an index: a key that no other index has, in an order that looks random,
 * and a text that names the index.
 */
export const recordBytes = 100;

/** The key of an index below 2^31 - 1: the index times a primitive root modulo that prime. */
export const keyOf = (index) => ((index + 1) * 48271) % 2147483647;

const filler = "x".repeat(80);

/** The text of an index, 91 characters long. */
export const textOf = (index) => `${String(index).padStart(10, "0")} ${filler}`;

/** The index that a text names. */
export const indexIn = (text) => Number(text.slice(0, 10));

/** What a record adds to the sum over all records. */
export const weightOf = (index) => index % 1009;

/** The sum of the weights of the indices below `count`. */
export function weightBelow(count) {
  let sum = 0;
  for (let index = 0; index < count; index++) sum += weightOf(index);
  return sum;
}
