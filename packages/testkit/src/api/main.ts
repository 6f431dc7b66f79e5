// npm run api: what there is of each name of the API. Fails when something is missing that is not promised for later.
import { fileURLToPath } from "node:url";
import { apiCoverage, type ApiCoverage } from "./api-coverage.ts";
import { laterNames } from "./api-names.ts";

const mark = (there: boolean): string => (there ? "yes" : "-");
const columns: readonly (readonly [title: string, width: number, of: (row: ApiCoverage) => string])[] = [
  ["name", 36, ({ name }) => name],
  ["on", 14, ({ exists, family }) => (exists ? family.owner : "-")],
  ["type test", 11, ({ hasTypeTest }) => mark(hasTypeTest)],
  ["every master", 14, ({ hasTestOnEveryMaster }) => mark(hasTestOnEveryMaster)],
  ["example", 8, ({ hasExample }) => mark(hasExample)],
];
const print = (cells: readonly string[]): void => {
  process.stdout.write(`${cells.map((cell, i) => cell.padEnd(columns[i]?.[1] ?? 0)).join("").trimEnd()}\n`); // prettier-ignore
};

print(columns.map(([title]) => title));
let missing = 0;
let later = 0;
for (const row of apiCoverage(fileURLToPath(new URL("../../..", import.meta.url)))) {
  const isWhole = row.exists && row.hasTypeTest && row.hasTestOnEveryMaster && row.hasExample;
  if (!isWhole && laterNames.has(row.name)) later++;
  else if (!isWhole) missing++;
  print(columns.map(([, , of]) => of(row)));
}
process.stdout.write(`\n${missing} names miss something; ${later} are promised for later\n`);
if (missing > 0) process.exitCode = 1;
