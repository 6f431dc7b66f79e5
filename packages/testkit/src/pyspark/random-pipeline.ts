import { createRandom, type Random } from "@gloam/common";
import { described } from "./calls.ts";
import { narrowOperations } from "./narrow-operations.ts";
import type { Dataset, Made, SharedPipeline, Step } from "./pipeline.ts";
import { randomActions } from "./random-actions.ts";
import { chosen, isPair, randomValue, type Shape } from "./shapes.ts";
import { shuffleOperations } from "./shuffle-operations.ts";

/** Datasets stay below this many elements: joins of joins would grow without bounds. */
const mostElements = 3000;

const elementShapes: readonly Shape[] = [
  "int",
  "int",
  "eighth",
  "float",
  "float",
  "text",
  { maybe: "int" },
  { list: "int" },
];
const keyShapes: readonly Shape[] = [
  "int",
  "text",
  "eighth",
  { maybe: "text" },
  { list: "int" },
  { key: "int", value: "text" },
];

/** Makes a pipeline of 4 to 9 steps of the operations that Gloam and PySpark both have. */
export function randomSharedPipeline(seed: number): SharedPipeline {
  const random = createRandom(seed);
  const length = 4 + random.nextInt(6);
  // Two begin alike, so that there is something to join.
  const key = chosen(random, keyShapes);
  const steps: Step[] = [];
  const datasets: Dataset[] = [];
  const add = ({ step, dataset }: Made, inputs: readonly number[]): void => {
    steps.push({ ...step, inputs });
    datasets.push(dataset);
  };
  const ofPairs = random.nextInt(3) > 0;
  while (steps.length < 2) add(source(random, ofPairs ? { key, value: chosen(random, elementShapes) } : undefined), []);
  for (let tries = 0; steps.length < length && tries < 1000; tries++) {
    const { shape } = datasets.at(-1)!;
    if (isPair(shape) && shape.value === "rough") break;
    const operation = chosen(random, random.nextInt(2) === 0 ? narrowOperations : shuffleOperations);
    const inputs = [
      random.nextInt(4) === 0 ? random.nextInt(steps.length) : steps.length - 1,
      random.nextInt(steps.length),
      random.nextInt(steps.length),
    ];
    const made = operation.make(random, datasets[inputs[0]!]!, datasets[inputs[1]!]!, datasets[inputs[2]!]!);
    if (made !== undefined && made.dataset.most <= mostElements) add(made, inputs.slice(0, operation.inputs));
  }
  return { seed, steps, actions: randomActions(random, datasets.at(-1)!) };
}

function source(random: Random, given: Shape | undefined): Made {
  const shape = given ?? chosen(random, elementShapes);
  const length = random.nextInt(8) === 0 ? random.nextInt(3) : random.nextInt(40);
  const partitions = 1 + random.nextInt(3);
  return {
    step: { op: "source", partitions, rows: Array.from({ length }, () => randomValue(random, shape)) },
    dataset: { shape, order: "exact", laidOut: true, exchanged: false, partitions, most: length },
  };
}

/** A pipeline in words, for failures. */
export function describePipeline({ seed, steps, actions }: SharedPipeline): string {
  const lines = steps.map(({ op, inputs, rows, partitions, ascending, call, finish }, index) => {
    const parameters = [
      ...(rows === undefined ? [] : [JSON.stringify(rows)]),
      ...[call, finish].flatMap((each) => (each === undefined ? [] : [described(each)])),
      ...(partitions === undefined ? [] : [`partitions: ${partitions}`]),
      ...(ascending === undefined ? [] : [`ascending: ${ascending}`]),
    ];
    return `${index}: ${op}(${parameters.join(", ")})${inputs.length > 0 ? ` of ${inputs.join(", ")}` : ""}`;
  });
  return [`seed ${seed}`, ...lines, ...actions.map((action) => JSON.stringify(action))].join("\n");
}
