import { createRandom, type Random } from "@gloam/common";
import { described } from "./calls.ts";
import { narrowOperations } from "./narrow-operations.ts";
import type { Dataset, Made, SharedPipeline, Step } from "./pipeline.ts";
import { randomActions } from "./random-actions.ts";
import { particularOperations, placingOperations } from "./placing-operations.ts";
import { setOperations } from "./set-operations.ts";
import { chosen, isNumber, isPair, randomValue, type Shape } from "./shapes.ts";
import { shuffleOperations } from "./shuffle-operations.ts";

/** Each as likely as another; then one of its operations. */
const families = [
  narrowOperations,
  narrowOperations,
  shuffleOperations,
  shuffleOperations,
  [...setOperations, ...placingOperations],
  particularOperations,
];

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
    const operation = chosen(random, chosen(random, families));
    const inputs = [
      random.nextInt(4) === 0 ? random.nextInt(steps.length) : steps.length - 1,
      random.nextInt(steps.length),
      random.nextInt(steps.length),
    ];
    const made = operation.make(random, datasets[inputs[0]!]!, datasets[inputs[1]!]!, datasets[inputs[2]!]!);
    if (made !== undefined && made.dataset.most <= mostElements) add(made, inputs.slice(0, operation.inputs));
  }
  // There are many actions upon numbers.
  const last = datasets.at(-1)!;
  if (isPair(last.shape) && isNumber(last.shape.value) && random.nextInt(2) === 0) {
    const order = last.order === "exact" ? "exact" : "none";
    add({ step: { op: "values" }, dataset: { ...last, shape: last.shape.value, order } }, [steps.length - 1]);
  }
  return { seed, steps, actions: randomActions(random, datasets.at(-1)!) };
}

function source(random: Random, given: Shape | undefined): Made {
  const shape = given ?? chosen(random, elementShapes);
  if (shape === "int" && random.nextInt(2) === 0) return range(random);
  const length = random.nextInt(8) === 0 ? random.nextInt(3) : random.nextInt(40);
  const partitions = 1 + random.nextInt(3);
  if (random.nextInt(20) === 0) {
    const dataset: Dataset = { shape, order: "exact", laidOut: true, exchanged: false, partitions, most: 0 };
    return { step: { op: "emptyRdd", partitions }, dataset };
  }
  return {
    step: { op: "source", partitions, rows: Array.from({ length }, () => randomValue(random, shape)) },
    dataset: { shape, order: "exact", laidOut: true, exchanged: false, partitions, most: length },
  };
}

/** Numbers from one to below another, by steps. */
function range(random: Random): Made {
  const [start, step, length] = [random.nextInt(9) - 4, 1 + random.nextInt(3), random.nextInt(30)];
  const partitions = 1 + random.nextInt(3);
  return {
    step: { op: "range", partitions, rows: [start, start + step * length, step] },
    dataset: { shape: "int", order: "exact", laidOut: true, exchanged: false, partitions, most: length },
  };
}

/** A pipeline in words, for failures. */
export function describePipeline({ seed, steps, actions }: SharedPipeline): string {
  const lines = steps.map(({ op, inputs, rows, partitions, ascending, level, call, finish }, index) => {
    const parameters = [
      ...(rows === undefined ? [] : [JSON.stringify(rows)]),
      ...[call, finish].flatMap((each) => (each === undefined ? [] : [described(each)])),
      ...(partitions === undefined ? [] : [`partitions: ${partitions}`]),
      ...(level === undefined ? [] : [level]),
      ...(ascending === undefined ? [] : [`ascending: ${ascending}`]),
    ];
    return `${index}: ${op}(${parameters.join(", ")})${inputs.length > 0 ? ` of ${inputs.join(", ")}` : ""}`;
  });
  return [`seed ${seed}`, ...lines, ...actions.map((action) => JSON.stringify(action))].join("\n");
}
