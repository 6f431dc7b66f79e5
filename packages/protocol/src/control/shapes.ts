import * as v from "valibot";

/** Ids and counts: integers from 0 on. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Times that a timer can be set for: up to 24 days. */
export const milliseconds = v.pipe(count, v.maxValue(2 ** 31 - 1));

/** Names of executors and the like. */
export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(96));

/** Names and addresses of machines. */
export const host = v.pipe(v.string(), v.minLength(1), v.maxLength(255));

export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** Texts for people. */
export const text = v.pipe(v.string(), v.maxLength(256 * 1024));

/** Bytes that mean something to others. How many is bounded by the frame. */
export const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array, "no bytes");
