const isOfHadoop = "formats of Hadoop's, which Gloam does not have";
const isOfRdd = "says of the RDD, not of its elements";
const isOfContext = "says of the context, not of data";
const isControl = "ends or labels jobs, without another outcome";
const isPackage = "gives executors code, which Gloam does by itself";

/** Names of PySpark's RDD and SparkContext that no pipeline draws, and why. */
export const undrawnPysparkNames: ReadonlyMap<string, string> = new Map([
  ...named(
    "RDD",
    isOfRdd,
    `id name setName toDebugString getStorageLevel isCheckpointed isLocallyCheckpointed getCheckpointFile
    getResourceProfile`,
  ),
  ...named(
    "RDD",
    isOfHadoop,
    `saveAsHadoopDataset saveAsHadoopFile saveAsNewAPIHadoopDataset saveAsNewAPIHadoopFile
    saveAsSequenceFile`,
  ),
  ...named("RDD", "frees what Gloam frees by itself", "cleanShuffleDependencies"),
  ...named("RDD", "collect with labels", "collectWithJobGroup"),
  ...named("RDD", "an old name of mapPartitionsWithIndex", "mapPartitionsWithSplit"),
  ...named("RDD", "needs a cluster manager there", "withResources"),
  ...named("RDD", "makes a data frame", "toDF"),
  ...named("SparkContext", isOfHadoop, "hadoopFile hadoopRDD newAPIHadoopFile newAPIHadoopRDD sequenceFile"),
  ...named(
    "SparkContext",
    isOfContext,
    `getCheckpointDir getConf getLocalProperty getJobTags sparkUser
    statusTracker show_profiles dump_profiles`,
  ),
  ...named(
    "SparkContext",
    isControl,
    `addJobTag removeJobTag clearJobTags cancelAllJobs cancelJobGroup cancelJobsWithTag
    setInterruptOnCancel setJobDescription setJobGroup setLocalProperty setLogLevel stop`,
  ),
  ...named("SparkContext", isPackage, "addArchive addPyFile"),
]);

function named(owner: string, reason: string, names: string): [string, string][] {
  return names.split(/\s+/).map((name) => [`${owner}.${name}`, reason]);
}
