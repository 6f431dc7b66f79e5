/** Test support: executor matrix, random pipelines with their plain-array model, drivers without executors. */
export { masters } from "./masters.ts";
export { randomPipeline, type PipelineStep, type RandomPipeline } from "./pipelines/random-pipeline.ts";
export { directDriver, threadedDriver, type TestDriverOptions } from "./scheduling/drivers.ts";
export { jobRequest, type JobOptions } from "./scheduling/job-request.ts";
