/**
 * Makes records, sorts them into files and checks the result, as the TeraSort benchmark does: gloam run terasort.ts DIRECTORY [RECORDS]
 *
 * A record is a key of 10 characters and 88 characters more, 100 bytes with tab and line end.
 */
import { createHash } from "node:crypto";
import { GloamContext } from "gloam";

const [directory, records = "100000"] = process.argv.slice(2);
if (directory === undefined) {
  console.error("usage: gloam run terasort.ts DIRECTORY [RECORDS]");
  process.exit(2);
}

/** The same record for the same number, wherever it is made. */
function makeRecord(number: number): string {
  const key = createHash("sha256").update(String(number)).digest("base64url").slice(0, 10);
  return `${key}\t${String(number).padStart(20, "0").repeat(5).slice(0, 88)}`;
}

/** A number for a text; those of all records are added up, in any order. */
function checksum(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) >>> 0;
  return sum;
}

await using gc = new GloamContext({ appName: "terasort" });
const input = gc.range(Number(records)).map((number) => makeRecord(number));
await input.sortBy((record) => record.slice(0, 10)).saveAsTextFile(directory);

// Each file must be sorted, and begin where the one before ended: it is enough to bring their first and last keys here.
const output = gc.textFile(directory);
const ends = await output
  .mapPartitions((lines) => {
    let first: string | undefined;
    let last = "";
    for (const line of lines) {
      const key = line.slice(0, 10);
      if (key < last) throw new Error(`${key} comes after ${last}`);
      first ??= key;
      last = key;
    }
    return first === undefined ? [] : [[first, last]];
  })
  .collect();
const isSorted = ends.every(([first], i) => i === 0 || ends[i - 1]![1] <= first);
const before = await input.map((record) => checksum(record)).sum();
const after = await output.map((record) => checksum(record)).sum();
console.log(`${await output.count()} records, ${isSorted ? "in order" : "OUT OF ORDER"}`);
console.log(before === after ? `the same as before: checksum ${after}` : `CHANGED: ${before} became ${after}`);
