import { randomUUID } from "node:crypto";

let name: string | undefined;
let last = 0;
const numbers = new WeakMap<object, number>();

/** Names this thread, so that its identities are not taken for those of another. */
export function realm(): string {
  return (name ??= randomUUID());
}

/** A number that an object of this thread has for good. */
export function identityOf(value: object): number {
  let number = numbers.get(value);
  if (number === undefined) numbers.set(value, (number = ++last));
  return number;
}
