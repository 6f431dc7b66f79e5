import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const recordBytes = 100;
const modulus = 65521;

/** Number of records, order and a sum over the content of what the sort wrote, as the check string. */
export function checkSorted(directory) {
  let records = 0;
  let sum = 0;
  let ordered = true;
  let last = "";
  for (const name of readdirSync(directory).sort()) {
    if (!name.startsWith("part-")) continue;
    const bytes = readFileSync(join(directory, name));
    ordered &&= bytes.length % recordBytes === 0;
    for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
      const key = bytes.latin1Slice(at, at + 10);
      ordered &&= last <= key;
      last = key;
      records++;
      // The key's first 8 bytes as one number, modulo 65521, in halves that a double holds exactly.
      const high = (bytes.readUInt32BE(at) % modulus) * (2 ** 32 % modulus);
      sum += (high + bytes.readUInt32BE(at + 4)) % modulus;
      for (let digit = at + 11; digit < at + 21; digit++) sum += bytes[digit];
    }
  }
  return `n=${records} ordered=${ordered ? "True" : "False"} sum=${sum}`;
}
