/** Test support: executor matrix, random pipelines with their plain-array model. */
export { masters } from "./masters.ts";
export { randomPipeline, type PipelineStep, type RandomPipeline } from "./pipelines/random-pipeline.ts";
