import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { compareKeys } from "../keys/compare-keys.ts";
import { planKernel } from "../operation-node.ts";
import type { Reduced } from "./reduce.ts";
import { orderingFunctions, type OrderedBy } from "./take-ordered.ts";

interface Seeking {
  /** Whether the last of the order is sought, else the first. */
  readonly last: boolean;
  readonly by: OrderedBy["kind"];
}

/** Gives `Reduced`: the first or last element of an order, and of equal ones the one that came first. */
export function extremeSink(last: boolean, by: OrderedBy): KernelDescription {
  const seeking: Seeking = { last, by: by.kind };
  return planKernel("extremeSinkKernel", orderingFunctions(by), seeking);
}

/** Kernel of `extremeSink`. Numbers are compared in the loop itself. */
export const extremeSinkKernel: SinkKernel = {
  kind: "sink",
  open(context) {
    const { last, by } = context.data as Seeking;
    const sign = last ? ">" : "<";
    let isEmpty: () => unknown = () => true;
    let found: () => unknown = () => undefined;
    return {
      holdsElements: true,
      emit(code) {
        const empty = code.variable("true");
        const best = code.variable("undefined");
        isEmpty = code.reader(empty);
        found = code.reader(best);
        const key = by === "key" ? code.local() : code.value;
        const bestKey = by === "key" ? code.variable("undefined") : best;
        if (by === "key") code.line(`const ${key} = ${code.userFunction(0)}(${code.value});`);
        const compare = by === "compare" ? code.userFunction(0) : code.constant(compareKeys);
        const isBeyond = `${compare}(${key}, ${bestKey}) ${sign} 0`;
        // NaN comes after all other numbers.
        const isNumberBeyond = last
          ? `(${key} > ${bestKey} || (${key} !== ${key} && ${bestKey} === ${bestKey}))`
          : `(${key} < ${bestKey} || (${bestKey} !== ${bestKey} && ${key} === ${key}))`;
        const numbers = `typeof ${key} === "number" && typeof ${bestKey} === "number"`;
        const beyond = by === "compare" ? isBeyond : `(${numbers} ? ${isNumberBeyond} : ${isBeyond})`;
        const keep = by === "key" ? `${best} = ${code.value}; ${bestKey} = ${key};` : `${best} = ${code.value};`;
        code.line(`if (${empty} || ${beyond}) { ${empty} = false; ${keep} }`);
      },
      finish: (): Reduced => (isEmpty() === true ? { empty: true } : { empty: false, value: found() }),
    };
  },
};
