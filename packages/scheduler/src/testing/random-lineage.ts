import type { Random } from "@gloam/common";
import type { Determinism } from "@gloam/plan";
import type { Lineage, NodeSettings } from "./lineage.ts";

/** One of some values. */
export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values.at(random.nextInt(values.length)) as T;
}

/** Adds a random node to a lineage: a source, or an operation on nodes that are there. */
export function growLineage(lineage: Lineage, random: Random): void {
  const settings = randomSettings(random);
  const any = (): number => random.nextInt(lineage.nodes.length);
  const kind = lineage.nodes.length < 2 ? 0 : random.nextInt(10);
  if (kind === 0) {
    const partitions = random.nextInt(5);
    const hosts = ["host-0", "host-1", "host-2", "executor-1", "elsewhere"];
    const preferred = Array.from({ length: partitions }, () => (random.next() < 0.5 ? [oneOf(random, hosts)] : []));
    const determinism = oneOf<Determinism>(random, ["determinate", "determinate", "unordered", "indeterminate"]);
    lineage.source(partitions, { ...settings, determinism, ...(random.next() < 0.3 && { preferred }) });
  } else if (kind < 4) lineage.map(any(), { ...settings, ...demandOf(lineage.nodes.length) });
  else if (kind === 4) {
    const first = lineage.node(any());
    const alike = lineage.nodes.filter(({ partitions }) => partitions === first.partitions);
    lineage.zip([first.id, oneOf(random, alike).id], settings);
  } else if (kind === 5) lineage.union([any(), any()], settings);
  else if (kind === 6) lineage.coalesce(any(), 1 + random.nextInt(3), settings);
  else {
    const parents = random.next() < 0.3 ? [any(), any()] : any();
    lineage.shuffle(parents, 1 + random.nextInt(4), {
      ...{ ...settings, orderSensitiveShuffle: random.next() < 0.2 },
      // A join, every other time.
      streamed: lineage.nodes.length % 2 === 0,
    });
  }
}

/** What some nodes ask for: decided by their ids, so that seeds go on telling the stories that they told before. */
function demandOf(id: number): NodeSettings {
  return id % 7 === 2 ? { barrier: true } : id % 7 === 5 ? { resources: { cpus: 2 } } : { elementwise: true };
}

function randomSettings(random: Random): NodeSettings {
  const persisted = random.next() < 0.2;
  return { persisted, replicas: random.next() < 0.4 ? 2 : 1, orderSensitive: random.next() < 0.15 };
}
