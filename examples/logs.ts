/**
 * Analyses the log of a web server: requests and errors per page, and who waits longest: gloam run logs.ts [LINES]
 *
 * The log is made up, the same one every time.
 */
import { GloamContext } from "gloam";

interface Request {
  readonly page: string;
  readonly status: number;
  readonly milliseconds: number;
}

const lines = Number(process.argv[2] ?? 200_000);
const pages = ["/", "/search", "/cart", "/checkout", "/help"];

/** A line such as `10.0.3.17 GET /cart 200 41`. */
function madeUpLine(index: number): string {
  // A few steps of a linear congruential generator, so that neighbours differ.
  let state = index;
  const random = (bound: number): number => {
    state = (Math.imul(state + 1, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  random(1);
  const page = pages[random(pages.length)];
  const status = random(50) === 0 ? 500 : random(20) === 0 ? 404 : 200;
  return `10.0.${random(8)}.${random(256)} GET ${page} ${status} ${5 + random(page === "/search" ? 400 : 60)}`;
}

function parse(line: string): Request[] {
  const match = /^\S+ GET (\S+) (\d{3}) (\d+)$/.exec(line);
  return match === null ? [] : [{ page: match[1]!, status: Number(match[2]), milliseconds: Number(match[3]) }];
}

await using gc = new GloamContext({ appName: "logs" });
const requests = gc
  .range(lines)
  .map((index) => madeUpLine(index))
  .flatMap((line) => parse(line))
  .cache();

const perPage = await requests
  .map(({ page, status, milliseconds }) => [page, [1, status >= 500 ? 1 : 0, milliseconds]])
  .reduceByKey((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
  .sortByKey()
  .collect();

console.table(
  Object.fromEntries(
    perPage.map(([page, [count, errors, milliseconds]]) => [
      page,
      { requests: count, "server errors": errors, "mean ms": Math.round(milliseconds / count) },
    ]),
  ),
);
const slowest = await requests.top(3, ({ milliseconds }) => milliseconds);
console.log(`slowest: ${slowest.map(({ page, milliseconds }) => `${page} ${milliseconds} ms`).join(", ")}`);
