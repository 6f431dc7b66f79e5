/** Where a name of the API is: a method or property of a class, or a function that `gloam` exports. */
export type ApiOwner = "GloamContext" | "Rdd" | "gloam";

/** A family of the API. */
export interface ApiFamily {
  readonly title: string;
  readonly owner: ApiOwner;
  readonly names: readonly string[];
}

/** Every name that the API promises; `npm run api` says of each what is there of it. */
export const apiFamilies: readonly ApiFamily[] = [
  {
    title: "Sources",
    owner: "GloamContext",
    names: words(`parallelize range emptyRdd union textFile partialTextFile wholeTextFiles binaryFiles binaryRecords
      objectFile csvFile jsonFile parquetFile arrowFile`),
  },
  {
    title: "Shared variables and files",
    owner: "GloamContext",
    names: words(`broadcast longAccumulator doubleAccumulator collectionAccumulator accumulator addFile`),
  },
  {
    title: "The context",
    owner: "GloamContext",
    names: words(`setCheckpointDir setJobGroup setJobDescription setLocalProperty withProperties cancelJob cancelStage
      cancelJobGroup cancelAllJobs runJob statusTracker addListener ready defaultParallelism stop`),
  },
  { title: "On executors", owner: "gloam", names: words(`taskContext onExecutor`) },
  {
    title: "Transformations",
    owner: "Rdd",
    names:
      words(`map flatMap filter mapPartitions mapPartitionsWithIndex mapAsync glom distinct sample randomSplit union
      intersection subtract cartesian groupBy keyBy sortBy coalesce repartition zip zipWith zipPartitions zipWithIndex
      zipWithUniqueId pipe barrier slice batch mergeSplit uniq enumeratePartition`),
  },
  {
    title: "Pairs",
    owner: "Rdd",
    names: words(`combineByKey aggregateByKey foldByKey reduceByKey reduceByKeyLocally groupByKey countByKey
      countApproxDistinctByKey sampleByKey partitionBy mapValues flatMapValues keys values join leftOuterJoin rightOuterJoin
      fullOuterJoin cogroup groupWith subtractByKey innerJoin update lookup collectAsMap topByKey percentilesByKey
      adcountByKey`),
  },
  { title: "Order", owner: "Rdd", names: words(`sortByKey repartitionAndSortWithinPartitions filterByRange`) },
  {
    title: "Numbers",
    owner: "Rdd",
    names: words(`sum mean variance stdev sampleVariance sampleStdev stats histogram sumApprox meanApprox percentiles`),
  },
  {
    title: "Actions",
    owner: "Rdd",
    names: words(`collect toLocalIterator reduce treeReduce fold aggregate treeAggregate count countApprox countByValue
      countApproxDistinct take first top takeOrdered takeSample max min isEmpty forEach forEachPartition hot
      saveAsTextFile saveAsObjectFile saveAsCsvFile saveAsJsonFile saveAsParquetFile saveAsArrowFile
      saveAsTextFileByKey`),
  },
  {
    title: "Control",
    owner: "Rdd",
    names: words(`cache persist unpersist dispose getStorageLevel checkpoint localCheckpoint isCheckpointed setName
      toDebugString preferredLocations dependencies getNumPartitions withResources fixSkew`),
  },
  { title: "Classic map-reduce", owner: "GloamContext", names: ["mapReduce"] },
];

/** Names that are promised for later: sources and sinks of tables. */
export const laterNames: ReadonlySet<string> = new Set(
  words(`csvFile jsonFile parquetFile arrowFile saveAsCsvFile saveAsJsonFile saveAsParquetFile saveAsArrowFile`),
);

function words(text: string): string[] {
  return text.split(/\s+/);
}
