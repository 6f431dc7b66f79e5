/** One row of the error table; the reference page of error codes is made from it. */
export interface ErrorDescription {
  /** What happened, in a sentence. */
  readonly what: string;
  /** Why it happens. */
  readonly why: string;
  /** What the user can do. */
  readonly mend: string;
}

/** Every coded error of Gloam. Codes are stable: programs may match on them. */
export const errorTable = {
  GLOAM_INTERNAL: {
    what: "Gloam broke one of its own rules",
    why: "this is a defect in Gloam, not in your program",
    mend: "please report it with the message and the stack",
  },
  GLOAM_NODE_UNSUPPORTED: {
    what: "this version of Node.js is not supported",
    why: "Gloam needs Node.js 20.19 or newer",
    mend: "install a newer Node.js",
  },
  GLOAM_TASK_FAILED: {
    what: "a task failed as often as it may",
    why: "a function of your program threw on an executor; its error is the cause",
    mend: "mend the function at the line that the cause names",
  },
  GLOAM_JOB_CANCELLED: {
    what: "the job was cancelled",
    why: "its signal was aborted, the context was stopped, or the user asked for it",
    mend: "nothing, if you meant it",
  },
  GLOAM_CLOSURE_NOT_SERIALIZABLE: {
    what: "a function cannot be sent to executors",
    why: "it captures a value that only makes sense in the driver",
    mend: "make the value on the executor with onExecutor(() => ...), or capture plain data instead",
  },
  GLOAM_MODULE_NOT_LOADED: {
    what: "an executor cannot import a module that a function uses",
    why: "the module is not there, throws when it is evaluated, or exports other names there",
    mend: "see the cause; a module that functions use must not need what only the driver has",
  },
  GLOAM_ASYNC_FUNCTION: {
    what: "an async function was given where a plain one is expected",
    why: "a stage's loop is synchronous; a promise would become an element",
    mend: "use mapAsync",
  },
  GLOAM_VALUE_NOT_SERIALIZABLE: {
    what: "an element cannot be encoded",
    why: "symbols, functions and other live objects do not travel between tasks",
    mend: "map the elements to plain data first",
  },
  GLOAM_ELEMENT_INVALID: {
    what: "an element is not what the operation works on",
    why: "operations by key need pairs [key, value], sum and its kin need numbers; a compiler that checks types says so beforehand",
    mend: "map the elements first, as with map((x) => [x, 1]), keyBy or map(Number)",
  },
  GLOAM_KEY_UNSUPPORTED: {
    what: "a value cannot be a key",
    why: "only primitives, tuples, plain objects, Dates and byte arrays have equality and order by value",
    mend: "make the key of plain data first, as with keyBy((x) => [x.a, x.b])",
  },
  GLOAM_ZIP_UNEQUAL: {
    what: "RDDs that are put together element by element differ in length",
    why: "zip needs as many partitions on both sides, and as many elements in each; zipPartitions as many partitions",
    mend: "make both of the same RDD by operations that keep the number of elements, or join them by key, as by that of zipWithIndex",
  },
  GLOAM_PIPE_FAILED: {
    what: "a command that elements are piped through failed",
    why: "it is not there, may not be run, or ended with a status other than 0 or by a signal",
    mend: "see what it wrote to standard error; commands are looked up in PATH on the executors, and need sh -c for what only a shell knows",
  },
  GLOAM_CONF_UNKNOWN: {
    what: "there is no such configuration key",
    why: "the key is misspelt or belongs to another version",
    mend: "use the nearest key that the message names, or see the configuration reference",
  },
  GLOAM_CONF_INVALID: {
    what: "a configuration value is not valid",
    why: "it does not have the key's type or lies out of its range",
    mend: "give a value as the message describes",
  },
  GLOAM_MASTER_URL_INVALID: {
    what: "the master URL is not valid",
    why: "it has none of the known forms",
    mend: "use local[N], local[*], local-cluster[E,N,M] or mesos://host:port",
  },
  GLOAM_STORAGE_LEVEL_SET: {
    what: "an RDD's storage level cannot change",
    why: "persist or cache was called before, with another level",
    mend: "call unpersist() first, or persist another RDD that is made of this one",
  },
  GLOAM_CHECKPOINT_DIRECTORY_UNSET: {
    what: "there is no directory for checkpoints",
    why: "checkpoint() writes to the directory that setCheckpointDir names, which was not called",
    mend: "call gc.setCheckpointDir(directory) first, or use localCheckpoint()",
  },
  GLOAM_CHECKPOINT_LOST: {
    what: "a partition that was checkpointed is lost",
    why: "its file, or after localCheckpoint its block, is gone, and the lineage that could compute it was cut",
    mend: "keep the files of checkpoints; use checkpoint() where executors may be lost, or localCheckpoint() with a level that ends in _2",
  },
  GLOAM_CONTEXT_STOPPED: {
    what: "the context has been stopped",
    why: "stop() was called, or its `await using` block ended",
    mend: "await the promise of each action before the context stops, or make a new context",
  },
  GLOAM_CONTEXT_ON_EXECUTOR: {
    what: "a context was made on an executor",
    why: "a module that executors import for a function of an RDD makes a context when it is evaluated",
    mend: "make the context in the main program, or in a function that only the main program calls",
  },
  GLOAM_NO_TASK: {
    what: "there is no running task",
    why: "the program called taskContext() outside of a function that a task runs, or added to an accumulator when its task was over",
    mend: "call it inside a function given to an RDD, not in the main program or while a module is evaluated",
  },
  GLOAM_DRIVER_ONLY: {
    what: "something was asked for in a function that only the driver can do",
    why: "tasks add to accumulators, whose sums the driver alone knows, and read broadcasts, which it alone can free",
    mend: "in functions call an accumulator's add() or read a broadcast's value; the rest belongs into the main program",
  },
  GLOAM_BROADCAST_DESTROYED: {
    what: "a broadcast was used after it had been destroyed",
    why: "the program called destroy() on it, or stopped its context",
    mend: "destroy it when no later job needs it, or broadcast the value again; unpersist() frees executors' memory alone",
  },
  GLOAM_INPUT_NOT_FOUND: {
    what: "an input path matches nothing",
    why: "the file does not exist, or the pattern matches no file",
    mend: "check the path; relative paths start at the working directory",
  },
  GLOAM_INPUT_UNREADABLE: {
    what: "an input cannot be read",
    why: "the file is damaged, of another format, or may not be opened",
    mend: "check the file and its permissions",
  },
  GLOAM_OUTPUT_EXISTS: {
    what: "the output directory exists already",
    why: "Gloam never overwrites an output without being told",
    mend: "remove it, choose another path, or give { overwrite: true }",
  },
  GLOAM_OUTPUT_FAILED: {
    what: "an output cannot be written",
    why: "the file system refused it",
    mend: "check the path, the permissions and the free space",
  },
  GLOAM_SCRATCH_UNUSABLE: {
    what: "the directory for temporary files cannot be used",
    why: "it is missing, no directory, read-only, not yours to write in, or full; it is tried when a context starts",
    mend: "free space there, or name another directory with the configuration key local.dir",
  },
  GLOAM_RDD_EMPTY: {
    what: "the RDD has no elements",
    why: "the action needs at least one",
    mend: "use fold with a zero value, or test with isEmpty first",
  },
  GLOAM_RDD_DISPOSED: {
    what: "an RDD was used after it was disposed of",
    why: "dispose() was called, or its `using` block ended",
    mend: "dispose of it later, or make it again",
  },
  GLOAM_ARGUMENT_INVALID: {
    what: "an argument is not valid",
    why: "it has the wrong type or lies out of range",
    mend: "give a value as the message describes",
  },
  GLOAM_OUT_OF_MEMORY: {
    what: "an executor ran out of memory",
    why: "one element, one group or the values that your functions keep are larger than a task's share",
    mend: "use more partitions, reduceByKey instead of groupByKey, or a larger executor.memory",
  },
  GLOAM_RESULT_TOO_LARGE: {
    what: "the result of an action is larger than the driver takes",
    why: "all elements of an RDD come into the driver's memory at once",
    mend: "save the RDD, take fewer elements, iterate with toLocalIterator, or raise driver.maxResultSize",
  },
  GLOAM_WORKER_LOST: {
    what: "a worker ended in the middle of a task",
    why: "its thread crashed, exited or was ended from outside",
    mend: "see the cause; process.exit() does not belong into functions of an RDD, nor do promises that nothing awaits",
  },
  GLOAM_FETCH_FAILED: {
    what: "a block could not be read",
    why: "it is lost, damaged or its executor is gone",
    mend: "nothing: the scheduler computes it again; when it persists, check disks and network",
  },
  GLOAM_BLOCK_CORRUPT: {
    what: "a block failed its checksum or cannot be decoded",
    why: "the bytes changed after they were written",
    mend: "check the disk and the memory of the machine",
  },
  GLOAM_INDETERMINATE_OUTPUT: {
    what: "a stage whose output cannot be repeated has to be computed again after results were committed",
    why: "a lost block belongs to a stage whose order of elements is not fixed",
    mend: "sort the RDD, or save it and read it back, before the operation that depends on the order",
  },
  GLOAM_AUTH_FAILED: {
    what: "a connection between driver and executors was refused",
    why: "one side does not know the application's secret, or is not the one that the other expected",
    mend: "nothing, when it was an executor of another or an earlier application; else look for who connects to this port",
  },
  GLOAM_PROTOCOL_VERSION: {
    what: "driver and executor cannot speak with each other",
    why: "they are of different versions of Gloam, or one of them is something else",
    mend: "install the same version of Gloam on both sides",
  },
  GLOAM_FRAME_INVALID: {
    what: "what came over a connection cannot be believed",
    why: "it was altered, repeated or left out on the way, or the other side is not what it says",
    mend: "nothing, when it happens once: the connection is made anew; else check the network between the machines",
  },
  GLOAM_BARRIER_MISMATCH: {
    what: "tasks of a barrier wait for each other in vain",
    why: "they do not make the same collective calls in the same order, one ended before others that wait for it, or each waits to receive",
    mend: "let every task call the same operations in the same order, whatever its partition holds; the message names both lines",
  },
  GLOAM_BARRIER_SLOTS: {
    what: "the tasks of a barrier cannot run all at once",
    why: "there are more partitions than task slots in the whole cluster, counting the cpus and the memory that each task asks for",
    mend: "use fewer partitions (`repartition` before `barrier()`), or a master with more slots",
  },
  GLOAM_BARRIER_TIMEOUT: {
    what: "a task of a barrier waited for the others for too long",
    why: "another task computes for longer, or hangs",
    mend: "divide the work more evenly, or raise barrier.sync.timeout",
  },
  GLOAM_BARRIER_UNSUPPORTED: {
    what: "a barrier cannot run in this place",
    why: "behind it, in the same stage, is an operation that has other partitions (union, coalesce) or depends on two barriers",
    mend: "put a shuffle such as `repartition` between the two, or let the operation come before `barrier()`",
  },
  GLOAM_NO_BARRIER: {
    what: "there is no barrier here",
    why: "the function runs outside of a task, or in a task whose stage has no barrier; or its task has ended",
    mend: "call it in the function given to `barrier().mapPartitions(...)`",
  },
  GLOAM_RESOURCES_UNAVAILABLE: {
    what: "no executor has what a task asks for",
    why: "`withResources` names more cpus or more memory than the largest executor has",
    mend: "ask for less, or give executors more (executor.cores, executor.memory)",
  },
  GLOAM_CONNECTION_LOST: {
    what: "a connection between driver and executors is gone",
    why: "the other process has ended, or the network between them does not carry it",
    mend: "see the cause; executors that are lost are replaced, and what they held is computed again",
  },
  GLOAM_MESOS_UNREACHABLE: {
    what: "no Mesos master takes the framework",
    why: "none of the addresses answered as a leading master within the time that was given",
    mend: "check the addresses in the master URL, and that a leading master is up; see the cause for the last attempt",
  },
  GLOAM_MESOS_UNAUTHORIZED: {
    what: "Mesos does not accept the credentials",
    why: "principal or secret are missing or wrong, or the principal may not do this",
    mend: "set mesos.principal, and mesos.secret or mesos.secretFile, to what the cluster's administrator gave you",
  },
  GLOAM_MESOS_DISCONNECTED: {
    what: "there is no subscription with Mesos",
    why: "the connection was lost or is not there yet, the master has failed over, or the agent is restarting",
    mend: "nothing: it is subscribed again; when it persists, check the network and the master's log",
  },
  GLOAM_MESOS_ERROR: {
    what: "Mesos refused what was asked",
    why: "a call was not valid, the framework was removed, or another scheduler took it over",
    mend: "the message has Mesos's own words; a framework that was removed has to be started anew",
  },
  GLOAM_MESOS_PROTOCOL: {
    what: "what came from Mesos cannot be believed",
    why: "it is no RecordIO, no JSON or not a message of the v1 API, or it is too long; something else may listen there",
    mend: "check that the address is that of a Mesos master or agent, and what lies between",
  },
  GLOAM_MESOS_ENVIRONMENT: {
    what: "the environment is not that of a Mesos executor",
    why: "a variable that agents set for executors is missing or not valid",
    mend: "start the program as the command of an executor, not by hand",
  },
  GLOAM_PORT_TAKEN: {
    what: "a port cannot be listened on",
    why: "another process listens on it, or it is reserved",
    mend: "end that process, or give another port; 0 is any free one",
  },
  GLOAM_MESOS_REQUIREMENT_MISSING: {
    what: "the local Mesos cannot run on this machine as it is",
    why: "a program or a system library that it needs is missing, or it is no machine of Linux on x64",
    mend: "install what the message names",
  },
  GLOAM_MESOS_INSTALL_FAILED: {
    what: "the local Mesos cannot be installed",
    why: "the package index cannot be reached or does not have it, or the disk refused it",
    mend: "see the message; check that pip works, and PIP_INDEX_URL where you use another index",
  },
  GLOAM_MESOS_START_FAILED: {
    what: "the local Mesos does not start",
    why: "a flag has a value that Mesos does not take, or its work directory belongs to another cluster",
    mend: "see what Mesos says in the message, and its log; without --work-dir a new cluster is made",
  },
} as const satisfies Record<string, ErrorDescription>;

/** Code of an error in the table. */
export type ErrorCode = keyof typeof errorTable;
