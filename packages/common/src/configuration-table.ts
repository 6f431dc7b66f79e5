import { blockCodecs } from "./block-codecs.ts";
import {
  boolean,
  bytes,
  duration,
  file,
  integer,
  number,
  oneOf,
  text,
  type ConfigurationType,
} from "./configuration-type.ts";

/** What the machine gives for defaults. */
export interface Machine {
  /** Bytes of memory that this process may use: the machine's, or its container's. */
  readonly memory: number;
  /** Directory for temporary files. */
  readonly temporaryDirectory: string;
}

/** A default that depends on the machine or on `master`. */
export interface DerivedDefault<T> {
  /** For the reference page. */
  readonly words: string;
  of(machine: Machine, master: string): T;
}

/** Whether a default is computed from the machine. */
export function isDerived(value: unknown): value is DerivedDefault<unknown> {
  return typeof value === "object" && value !== null && "of" in value;
}

/** One row of the configuration table. */
export interface ConfigurationDescription<T> {
  readonly type: ConfigurationType<T>;
  readonly default: T | DerivedDefault<T>;
  /** What the value decides. */
  readonly meaning: string;
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/** For names that need not be there. */
const nothing: DerivedDefault<string> = { words: "none", of: () => "" };

/** Whether the master runs everything in the driver's own process. */
const isLocal = (master: string): boolean => /^local(\[.*\])?$/.test(master);

/**
 * Every configuration key: type, default, unit and meaning. Keys are Spark's without `spark.` where Spark has one. The
 * reference page of the configuration is made from this table.
 */
export const configurationTable = {
  master: row(text, "local[*]", "where to run: local[N] uses N threads of this process, local[*] one per core"),
  "app.name": row(text, "gloam", "name of the application in messages and logs"),
  "debug.freeze": row(
    boolean,
    false,
    "freeze every element before a user function sees it, so that changing one throws; for tests, slow",
  ),
  "default.parallelism": row(
    integer(0),
    0,
    "number of partitions where an operation leaves it open; 0 is the number of task slots",
  ),
  "driver.maxResultSize": row(
    bytes(),
    gibibyte,
    "largest total result of one action, in its encoded form; 0 is no limit",
  ),
  "dynamicAllocation.enabled": row(
    boolean,
    false,
    "ask for executors in processes of their own while tasks wait for them, and let go those that have nothing to do",
  ),
  "dynamicAllocation.executorIdleTimeout": row(
    duration,
    60_000,
    "how long an executor may have nothing to do before it is let go; blocks that it holds move to another first",
  ),
  "dynamicAllocation.maxExecutors": row(
    integer(0),
    0,
    "most executors that there are at a time; 0 is the number that the master names",
  ),
  "dynamicAllocation.minExecutors": row(
    integer(0),
    0,
    "fewest executors that there are while none is needed; there is one to begin with",
  ),
  "dynamicAllocation.schedulerBacklogTimeout": row(
    duration,
    1000,
    "how long tasks wait for a place before an executor is asked for; then as long again before two more are, and so on",
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
      words: "half of the machine's memory, at most 8g",
      of: ({ memory }) => Math.max(64 * mebibyte, Math.min(8 * gibibyte, Math.floor(memory / 2 / mebibyte) * mebibyte)),
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
    "share of the pool that cached blocks and shuffle outputs may fill; what is more goes to disk",
  ),
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

function row<T>(
  type: ConfigurationType<T>,
  defaultValue: NoInfer<T> | DerivedDefault<NoInfer<T>>,
  meaning: string,
): ConfigurationDescription<T> {
  return { type, default: defaultValue, meaning };
}
