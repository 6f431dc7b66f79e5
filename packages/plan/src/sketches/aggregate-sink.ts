import type { KernelDescription, SinkKernel } from "../kernel.ts";
import { planKernel } from "../operation-node.ts";
import { createAggregator, type AggregatorDescription } from "./aggregator.ts";

/** Gives the sketch of an aggregation over the elements. */
export function aggregateSink(aggregator: AggregatorDescription): KernelDescription {
  return planKernel("aggregateSinkKernel", [], aggregator);
}

/** Kernel of `aggregateSink`; data is the aggregation's description. */
export const aggregateSinkKernel: SinkKernel = {
  kind: "sink",
  open(context) {
    const aggregator = createAggregator(context.data as AggregatorDescription);
    let sketched: () => unknown = () => undefined;
    return {
      emit(code) {
        const sketch = code.variable(code.constant(aggregator.start()));
        sketched = code.reader(sketch);
        code.line(`${sketch} = ${code.constant(aggregator)}.add(${sketch}, ${code.value});`);
      },
      finish: () => sketched(),
    };
  },
};
