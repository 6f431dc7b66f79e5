/** Names of the API that no random pipeline draws, and why. */
export const undrawnNames: ReadonlyMap<string, string> = new Map([
  ["GloamContext.setCheckpointDir", "is called once for each context, by `openPlace`"],
  ["GloamContext.stop", "ends the context of all pipelines"],
  ["GloamContext.ready", "waits for executors, and says nothing of data"],
  ["GloamContext.defaultParallelism", "is another number on each master, which outcomes must not depend on"],
  ["GloamContext.statusTracker", "tells of what happens to run at a time"],
  ["GloamContext.addListener", "tells of what happens to run at a time"],
  ["GloamContext.cancelJob", "ends a job without an outcome"],
  ["GloamContext.cancelStage", "ends a job without an outcome"],
  ["GloamContext.cancelJobGroup", "ends jobs without an outcome"],
  ["GloamContext.cancelAllJobs", "ends jobs without an outcome"],
]);
