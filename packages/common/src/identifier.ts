import type { Random } from "./random.ts";

/** Gives the numbers first, first + 1, ... one at a time: identities of nodes, shuffles, jobs within one driver. */
export function createSequence(first = 0): () => number {
  let next = first;
  return () => next++;
}

const letters = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * A short name that no other run on the machine is likely to have, for directories and applications: lower-case letters
 * and digits, 5 bits each. Not for secrets.
 */
export function createIdentifier(random: Random, length = 10): string {
  return Array.from({ length }, () => letters[random.nextInt(letters.length)]).join("");
}
