export { aggregateSink, aggregateSinkKernel } from "./aggregate-sink.ts";
export { createAggregator, type Aggregator, type AggregatorDescription } from "./aggregator.ts";
export { finishAggregatesKernel, finishAggregatesNode } from "./finish-aggregates.ts";
