import { blockCodecs } from "./block-codecs.ts";
import {
  boolean,
  bytes,
  duration,
  file,
  integer,
  number,
  oneOf,
  optionalText,
  port,
  text,
} from "./configuration-type.ts";
import { isMesos, nothing, row, type ConfigurationDescription } from "./configuration-row.ts";
import { mesosConfiguration } from "./mesos-configuration-table.ts";

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** Whether the master runs everything in the driver's own process. */
const isLocal = (master: string): boolean => /^local(\[.*\])?$/.test(master);

/**
 * Every configuration key: type, default, unit and meaning. Keys are Spark's without `spark.` where Spark has one. The
 * reference page of the configuration is made from this table.
 */
export const configurationTable = {
  master: row(
    text,
    "local[*]",
    "where to run: local[N] uses N threads of this process, local[*] one per core, local-cluster[E,N,M] E processes with N threads and " +
      "M MiB each, mesos://host:port executors from a Mesos cluster",
  ),
  "app.name": row(text, "gloam", "name of the application in messages and logs"),
  "broadcast.blockSize": row(
    bytes(64 * 1024),
    4 * mebibyte,
    "size of the pieces in which executors get broadcasts and pass them on to each other; 128m at most",
  ),
  "barrier.room.timeout": row(
    duration,
    600_000,
    "how long a stage with a barrier waits for executors on which all of its tasks fit at once, and one whose tasks ask for cpus or memory for " +
      "an executor that has them",
  ),
  "barrier.sync.timeout": row(
    duration,
    86_400_000,
    "how long a task of a barrier waits for the others in one call; what can never end is noticed at once",
  ),
  "cores.max": row(integer(0), 0, "most task slots on a cluster at a time; 0 is no limit"),
  "debug.freeze": row(
    boolean,
    false,
    "freeze every element before a user function sees it, so that changing one throws; for tests, slow",
  ),
  "default.parallelism": row(
    integer(0),
    0,
    "number of partitions where an operation leaves it open; 0 is the number of task slots, and on Mesos cores.max or else 8",
  ),
  "driver.bindAddress": row(
    optionalText,
    nothing,
    "address that the driver listens at for executors on other machines, where that is not driver.host",
  ),
  "driver.host": row(
    optionalText,
    { words: "this machine's address in the network; 127.0.0.1 where the master is there", of: () => "" },
    "address that executors on other machines reach the driver at",
  ),
  "driver.maxResultSize": row(
    bytes(),
    gibibyte,
    "largest total result of one action, in its encoded form; 0 is no limit",
  ),
  "driver.port": row(port, 0, "port that the driver listens at for executors on other machines; 0 is one that is free"),
  "driver.runtimePort": row(
    port,
    0,
    "port that executors on other machines fetch Gloam itself from; 0 is one that is free",
  ),
  "dynamicAllocation.enabled": row(
    boolean,
    { words: "false; true on Mesos", of: (_, master) => isMesos(master) },
    "ask for executors in processes of their own while tasks wait for them, and let go those that have nothing to do",
  ),
  "dynamicAllocation.executorIdleTimeout": row(
    duration,
    60_000,
    "how long an executor may have nothing to do before it is let go; blocks that it holds move to another first",
  ),
  "dynamicAllocation.initialExecutors": row(
    integer(1),
    { words: "1; 2 on Mesos", of: (_, master) => (isMesos(master) ? 2 : 1) },
    "executors to begin with, unless dynamicAllocation.minExecutors is more",
  ),
  "dynamicAllocation.maxExecutors": row(
    integer(0),
    0,
    "most executors that there are at a time; 0 is the number that the master names, and on Mesos what cores.max allows",
  ),
  "dynamicAllocation.minExecutors": row(integer(0), 0, "fewest executors that there are while none is needed"),
  "dynamicAllocation.schedulerBacklogTimeout": row(
    duration,
    1000,
    "how long tasks wait for a place before an executor is asked for; then as long again before two more are, and so on",
  ),
  "eventLog.dir": row(
    optionalText,
    nothing,
    "directory for a file of each application's events, a line of JSON for each: ID.jsonl, or ID.jsonl.inprogress while it runs",
  ),
  "excludeOnFailure.application.maxFailedTasksPerExecutor": row(
    integer(1),
    2,
    "tasks that may fail on one executor within excludeOnFailure.timeout before it gets no more",
  ),
  "excludeOnFailure.enabled": row(
    boolean,
    false,
    "keep tasks away from executors in processes of their own on which they have failed",
  ),
  "excludeOnFailure.task.maxTaskAttemptsPerExecutor": row(
    integer(1),
    1,
    "how often a task may fail on one executor before it is tried on others only, if there are any",
  ),
  "excludeOnFailure.timeout": row(duration, 3_600_000, "how long an excluded executor gets no tasks"),
  "executor.cores": row(integer(1, 1024), 2, "task slots of one executor on a cluster, each a cpu"),
  "executor.decommission.forceKillTimeout": row(
    duration,
    60_000,
    "how long an executor that has to go may take: for the tasks that it runs, and until its blocks have moved to others",
  ),
  "executor.heartbeatInterval": row(
    duration,
    10_000,
    "how often executors in processes of their own, and their driver, let each other hear that they are there",
  ),
  "executor.memory": row(
    bytes(64 * mebibyte),
    {
      words: "half of the machine's memory, at most 8g; 1g on Mesos",
      of: ({ memory }, master) =>
        isMesos(master)
          ? gibibyte
          : Math.max(64 * mebibyte, Math.min(8 * gibibyte, Math.floor(memory / 2 / mebibyte) * mebibyte)),
    },
    "memory of one executor: its workers' heaps and the pool of blocks; for local[N] of all threads together",
  ),
  "local.dir": row(
    text,
    { words: "the system's temporary directory", of: ({ temporaryDirectory }) => temporaryDirectory },
    "directory for spilled data and shuffle files; best on a fast local disk",
  ),
  "locality.wait": row(
    duration,
    3000,
    "how long a task waits for a place near its data before it takes one farther away, at each level",
  ),
  "log.level": row(
    oneOf("off", "error", "warn", "info", "debug"),
    "warn",
    "least serious messages that are logged on standard error",
  ),
  "memory.fraction": row(
    number(0.1, 0.9),
    0.6,
    "share of executor.memory for the pool of blocks, aggregation and sorting; the rest is the workers' heaps",
  ),
  "memory.storageFraction": row(
    number(0, 0.9),
    0.5,
    "share of the pool that cached blocks and shuffle outputs may fill and keep; cached blocks may borrow more while no task needs it, " +
      "and give it back by eviction",
  ),
  ...mesosConfiguration,
  "network.compression": row(
    oneOf("none", ...blockCodecs),
    "none",
    "what executors in processes of their own compress the blocks with that they send each other and their driver; pays where tasks " +
      "wait for the network, as with 100 Mbit/s for each executor; zstd needs Node.js 22.15 or newer, deflate takes several times as long",
  ),
  "network.timeout": row(
    duration,
    120_000,
    "how long an executor, or its driver, may say nothing before it counts as lost",
  ),
  "network.tls.authority": row(
    file,
    nothing,
    "PEM file with the certificates that driver and executors believe; none believes any, since both sides prove the application's " +
      "secret in a way that is bound to the connection",
  ),
  "network.tls.certificate": row(
    file,
    nothing,
    "PEM file with the certificate of driver and executors, intermediate ones behind it; none has one made for the application",
  ),
  "network.tls.enabled": row(
    boolean,
    false,
    "encrypt what driver and executors in processes of their own send each other, with TLS 1.3",
  ),
  "network.tls.key": row(file, nothing, "PEM file with the private key of network.tls.certificate"),
  progress: row(
    oneOf("auto", "true", "false"),
    "auto",
    "draw a bar for each running stage on standard error; auto when that is a terminal",
  ),
  "reader.maxPartitionBytes": row(bytes(1), 32 * mebibyte, "largest part of a file that one partition reads"),
  "scheduler.mode": row(
    oneOf("FIFO", "FAIR"),
    "FIFO",
    "which of several running jobs gets a free slot: the first, or each its fair share",
  ),
  "shuffle.skew.factor": row(
    number(1, Infinity),
    5,
    "a partition of a join is computed by several tasks where its left side is so many times as large as the median",
  ),
  "shuffle.skew.threshold": row(
    bytes(1),
    64 * mebibyte,
    "and has more bytes than this, which is also what each of the tasks gets at least",
  ),
  speculation: row(
    boolean,
    false,
    "start a second attempt of tasks that run much longer than the others of their stage",
  ),
  "speculation.multiplier": row(
    number(1, Infinity),
    3,
    "how many times longer than the median a task must run before a second attempt starts",
  ),
  "speculation.quantile": row(
    number(0, 1),
    0.9,
    "share of a stage's tasks that must be done before a second attempt of another starts",
  ),
  "stage.maxConsecutiveAttempts": row(
    integer(1),
    4,
    "how often a stage may run in a row because its inputs were lost before the job fails",
  ),
  "task.maxFailures": row(
    integer(1),
    { words: "4; 1 in local[N]", of: (_, master) => (isLocal(master) ? 1 : 4) },
    "how often one task may fail before the job fails",
  ),
} as const satisfies Readonly<Record<string, ConfigurationDescription<unknown>>>;

/** A key of the configuration table. */
export type ConfigurationKey = keyof typeof configurationTable;

/** Type of a key's parsed value: bytes and durations are numbers of bytes and milliseconds. */
export type ConfigurationValue<Key extends ConfigurationKey> =
  (typeof configurationTable)[Key] extends ConfigurationDescription<infer T> ? T : never;
