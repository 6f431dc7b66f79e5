/**
 * Ranks pages by the links to them: gloam run pagerank.ts [FILE [ROUNDS]]
 *
 * Each line of the file has a page and one that it links to. A page that many link to, or that important ones link to, is important.
 */
import { GloamContext } from "gloam";

const [file, rounds = "10"] = process.argv.slice(2);

/** Links of a small web, where no file is given. */
const web = ["home about", "home shop", "home news", "about home", "shop home", "shop cart", "cart shop", "news home", "news shop"]; // prettier-ignore

await using gc = new GloamContext({ appName: "pagerank" });
const lines = file === undefined ? gc.parallelize(web) : gc.textFile(file);

// Pages lie by their names from the first shuffle on, so that no round moves the links again.
const links = lines
  .map((line) => line.split(/\s+/))
  .filter((words) => words.length >= 2)
  .map((words) => [words[0]!, words[1]!])
  .distinct()
  .groupByKey()
  .cache();

let ranks = links.mapValues(() => 1);
for (let round = 0; round < Number(rounds); round++) {
  const given = links
    .join(ranks)
    .flatMap(([, [targets, rank]]) => targets.map((page) => [page, rank / targets.length]));
  ranks = given.reduceByKey((a, b) => a + b).mapValues((sum) => 0.15 + 0.85 * sum);
}

const top = await ranks.top(10, { compare: ([a, x], [b, y]) => x - y || (a < b ? 1 : -1) });
for (const [page, rank] of top) console.log(`${rank.toFixed(3)} ${page}`);
