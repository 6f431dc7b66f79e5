/**
 * A genetic algorithm with islands: gloam run genetic.ts [ISLANDS [EPOCHS]]
 *
 * Each island breeds a population by itself. Now and then its best individual travels to the next island: islands try
 * different ways, and good ideas spread. What is sought is the lowest point of Rastrigin's function, which has many dips.
 */
import { GloamContext } from "gloam";

interface Individual {
  readonly genes: readonly number[];
  /** Height of the function: lower is better. */
  readonly height: number;
}

const [islands = 4, epochs = 10] = process.argv.slice(2).map(Number);
const dimensions = 5;
const populationSize = 60;
const generationsPerEpoch = 20;

/** Numbers from 0 to below 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function measure(genes: readonly number[]): Individual {
  const height = genes.reduce((sum, x) => sum + x * x - 10 * Math.cos(2 * Math.PI * x) + 10, 0);
  return { genes, height };
}

function best(population: readonly Individual[]): Individual {
  return population.reduce((a, b) => (b.height < a.height ? b : a));
}

function found(seed: number): Individual[] {
  const random = randomFrom(seed);
  return Array.from({ length: populationSize }, () =>
    measure(Array.from({ length: dimensions }, () => random() * 10.24 - 5.12)),
  );
}

/** The better of two parents twice, genes from either, a few of them changed; the best lives on. */
function breed(population: readonly Individual[], seed: number): readonly Individual[] {
  const random = randomFrom(seed);
  const pick = (): Individual => population[Math.floor(random() * population.length)]!;
  let current = population;
  for (let generation = 0; generation < generationsPerEpoch; generation++) {
    const children = [best(current)];
    const parents = current;
    const tournament = (): Individual => best([parents[Math.floor(random() * parents.length)]!, pick()]);
    while (children.length < populationSize) {
      const [mother, father] = [tournament(), tournament()];
      const genes = mother.genes.map((gene, i) => {
        const inherited = random() < 0.5 ? gene : father.genes[i]!;
        return random() < 0.2 ? inherited + (random() - 0.5) * 0.4 : inherited;
      });
      children.push(measure(genes));
    }
    current = children;
  }
  return current;
}

await using gc = new GloamContext({ appName: "genetic" });
let world = gc
  .range(islands, { partitions: islands })
  .map((island): [number, readonly Individual[]] => [island, found(island)])
  .partitionBy(islands);

for (let epoch = 1; epoch <= epochs; epoch++) {
  const bred = world.map(([island, population]) => [island, breed(population, epoch * 1000 + island)] as const).cache();
  const travellers = bred.map(([island, population]) => [(island + 1) % islands, best(population)] as const);
  world = bred.join(travellers).mapValues(([population, traveller]) => [...population.slice(0, -1), traveller]).cache(); // prettier-ignore
  const { height } = best(await bred.map(([, population]) => best(population)).collect());
  console.log(`epoch ${epoch}: lowest ${height.toFixed(4)}`);
}
