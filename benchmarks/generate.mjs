/**
 * Writes the inputs of the benchmarks, the same bytes each time: about 1.3 GB.
 *
 *     node benchmarks/generate.mjs [WORKLOAD...]
 *
 * Environment: PEERS_DATA (where to; `$PEERS_HOME/data` by default), PEERS_SCALE (size factor, 1 by default).
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { home } from "./compare/systems.mjs";

const files = 8;
const scale = Number(process.env.PEERS_SCALE ?? "1");
const data = process.env.PEERS_DATA ?? join(home, "data");

/** Uniform numbers in [0, 1) from a 32-bit seed (sfc32 by Chris Doty-Humphrey, public domain). */
function randomSource(seed) {
  let [a, b, c, counter] = [0, seed, 0, 1];
  const next = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  return next;
}

/** Normally distributed numbers (Box and Muller). */
function normalSource(random) {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Writes `rows` lines, split over the files; `line(index)` gives each without its end. */
function write(name, rows, line) {
  mkdirSync(join(data, name), { recursive: true });
  const perFile = Math.ceil(rows / files);
  for (let file = 0; file < files; file++) {
    const lines = [];
    for (let index = file * perFile; index < Math.min(rows, (file + 1) * perFile); index++) lines.push(line(index));
    writeFileSync(join(data, name, `part-${String(file).padStart(5, "0")}`), `${lines.join("\n")}\n`);
  }
}

const generators = {
  /** 10 words a line, Zipf(1) over 200,000 words of 3 to 12 letters. */
  wordcount() {
    const random = randomSource(1);
    const letter = () => String.fromCharCode(97 + Math.floor(random() * 26));
    const vocabulary = new Set();
    while (vocabulary.size < 200_000) {
      vocabulary.add(Array.from({ length: 3 + Math.floor(random() * 10) }, letter).join(""));
    }
    const words = [...vocabulary];
    const cumulative = new Float64Array(words.length);
    let total = 0;
    for (let rank = 0; rank < words.length; rank++) cumulative[rank] = total += 1 / (rank + 1);
    const word = () => words[firstAtLeast(cumulative, random() * total)];
    write("wordcount", Math.trunc(790_000 * scale) * files, () => Array.from({ length: 10 }, word).join(" "));
  },
  /** Records of 100 bytes: a random key of 10 characters, the row's number, filler. */
  sort() {
    const random = randomSource(2);
    const alphabet = "+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const character = () => alphabet[Math.floor(random() * alphabet.length)];
    const filler = "x".repeat(77);
    write("sort", Math.trunc(5_000_000 * scale), (row) => {
      const key = Array.from({ length: 10 }, character).join("");
      return `${key} ${String(row).padStart(10, "0")} ${filler}`;
    });
  },
  /** Distinct edges "source target", in-degrees skewed (target = nodes * u^3). */
  pagerank() {
    const random = randomSource(3);
    const nodes = Math.trunc(500_000 * scale);
    const edges = new Set();
    while (edges.size < Math.trunc(4_000_000 * scale)) {
      edges.add(Math.floor(random() * nodes) * nodes + Math.floor(nodes * random() ** 3));
    }
    const list = Float64Array.from(edges);
    write("pagerank", list.length, (row) => `${Math.floor(list[row] / nodes)} ${list[row] % nodes}`);
  },
  /** Points of 10 dimensions around 10 centres. */
  kmeans() {
    const random = randomSource(4);
    const normal = normalSource(random);
    const centres = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => random() * 20 - 10));
    write("kmeans", Math.trunc(2_000_000 * scale), () => {
      const centre = centres[Math.floor(random() * 10)];
      return centre.map((coordinate) => (coordinate + 4 * normal()).toFixed(4)).join(",");
    });
  },
  /** Rows "label,x0,...,x9", the label 1 or -1 by a logistic model. */
  logreg() {
    const random = randomSource(5);
    const normal = normalSource(random);
    const model = Array.from({ length: 10 }, normal);
    write("logreg", Math.trunc(1_000_000 * scale), () => {
      const features = model.map(() => normal());
      const score = features.reduce((sum, feature, j) => sum + feature * model[j], 0);
      const label = random() < 1 / (1 + Math.exp(-score)) ? 1 : -1;
      return [label, ...features.map((feature) => feature.toFixed(4))].join(",");
    });
  },
};

function firstAtLeast(sorted, value) {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(generators);
for (const name of chosen) {
  if (!Object.hasOwn(generators, name))
    throw new Error(`no such input: ${name}; known are ${Object.keys(generators).join(", ")}`);
  generators[name]();
  console.error(`generated ${join(data, name)}`);
}
