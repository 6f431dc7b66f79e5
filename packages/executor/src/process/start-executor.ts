import { setUserModuleLoader, systemTimers, type GloamError } from "@gloam/common";
import { connect, executorChannel, type LaunchSettings } from "@gloam/protocol";
import { ScratchDirectory } from "@gloam/storage";
import { BlockTaker } from "../exchange/block-taker.ts";
import { answerTimeoutOf } from "../exchange/remote-executor.ts";
import { FetchedPieces } from "../exchange/piece-source.ts";
import { ExecutorHost } from "../host/executor-host.ts";
import { divideMemory } from "../host/memory-shares.ts";
import { BroadcastFetcher } from "./broadcast-fetcher.ts";
import { ExecutorProcess } from "./executor-process.ts";
import { IoThread } from "./io-thread.ts";
import { ModuleFiles } from "./module-files.ts";
import { ReleasingOutputs } from "./releasing-outputs.ts";

/** An executor in this process, while it lives. */
export interface StartedExecutor {
  /** Its end: the reason where it is none that the driver wanted. All threads and files are gone by then. */
  readonly ended: Promise<GloamError | undefined>;
  /** Ends it as if the driver had said so. */
  stop(error?: GloamError): void;
  /** Ends it when its blocks have moved to others: for a process that has to go, but not at once. The second time: at once. */
  leave(): void;
  /** Removes temporary files at once, whatever still runs. */
  removeFiles(): void;
}

/**
 * Starts the threads of an executor, connects it to its driver and registers it.
 * @throws GloamError where the driver cannot be reached, or the settings give too little memory.
 */
export async function startExecutor(settings: LaunchSettings): Promise<StartedExecutor> {
  const { executor, driver, host, slots, scratchPath, memoryBytes, heartbeatInterval, driverLostTimeout } = settings;
  const secret = Buffer.from(settings.secret, "base64");
  const memory = divideMemory(memoryBytes, slots, settings.memoryFraction);
  new ScratchDirectory({ path: scratchPath, prefix: "main" }).probe();
  if (settings.userModuleLoader !== undefined) setUserModuleLoader(settings.userModuleLoader);
  const releasing = new ReleasingOutputs();
  // Threads may be lost before there is a driver to be told.
  let fail!: (error: Error) => void;
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  const io = new IoThread(
    {
      ...{ executor, secret, host, port: settings.blockPort },
      answerTimeout: answerTimeoutOf(driverLostTimeout),
      compression: settings.compression,
      tls: settings.tls,
    },
    {
      onReleased: (outputs) => runner.free(releasing.take(outputs)),
      onRefused: (message) => process.emitWarning(message),
      onLost: (error) => fail(new Error(`blocks are served no more: ${error.message}`, { cause: error })),
    },
  );
  const runner = new ExecutorHost(
    {
      slots,
      tasksPerWorker: settings.tasksPerWorker,
      memory,
      storageFraction: settings.storageFraction,
      scratchPath,
      timers: systemTimers,
      freeze: settings.freeze,
      connectExchange: () => io.connect(),
    },
    {
      onEnded: (task, end) => self.ended(task, end),
      onCommitAsked: (task) => self.commitAsked(task),
      onBroadcastWanted: (broadcast) => broadcasts.want(broadcast),
      onBarrierCalled: (task, call) => self.barrierCalled(task, call),
      onFailing: (error) => fail(error),
      onCommitted: (handle) => {
        io.commit(handle);
        self.committed.add(handle);
      },
      onDropped: (block) => self.dropped(block),
      onPool: (pool) => io.usePool(pool),
      onSlab: (slab) => io.addSlab(slab),
      onSlabDropped: (id) => io.dropSlab(id),
    },
  );
  const connecting = connect({
    ...driver,
    secret,
    introduction: { purpose: "control", from: executor, to: "driver" },
    tls: settings.tls,
  });
  const started = Promise.all([connecting, io.port, runner.start()]);
  const [connection, blockPort] = await Promise.race([started, failed]);
  let end!: (error: GloamError | undefined) => void;
  const wanted = new Promise<GloamError | undefined>((resolve) => (end = resolve));
  const taker = new BlockTaker({
    port: io.connect().port,
    create: (segments, cached) => (cached === undefined ? runner.create(segments) : runner.createCached(cached)),
  });
  const channel = executorChannel(connection);
  const broadcasts = new BroadcastFetcher({
    send: (message) => channel.send(message),
    driver: { executor: "driver", ...driver },
    pieces: new FetchedPieces(io.connect().port),
    serve: (handle) => io.commit(handle),
    release: (handles) => io.free(handles),
    onSlab: (slab) => io.addSlab(slab),
    onSlabDropped: (id, bytes) => io.dropSlab(id, bytes),
    runner,
  });
  const self = new ExecutorProcess({
    channel,
    broadcasts,
    runner,
    free: (handles) => {
      releasing.add(handles);
      io.free(handles);
    },
    take: (source, cached, onTaken) => {
      taker.take(source, cached).then(
        (copy) => {
          runner.committed(copy);
          onTaken(copy);
        },
        () => onTaken(undefined),
      );
    },
    modules: new ModuleFiles(scratchPath),
    timers: systemTimers,
    heartbeatInterval,
    driverLostTimeout,
    traffic: () => ({ ...io.traffic, evictedBlocks: runner.evictedBlocks }),
    residentBytes: () => process.memoryUsage.rss(),
    onEnd: (error) => end(error),
  });
  fail = (error) => self.failing(error);
  runner.reference(true);
  self.begin({
    type: "registered",
    slots: settings.takesTasks === false ? 0 : runner.places,
    threads: runner.threads,
    host,
    blockPort,
    process: process.pid,
    node: process.version,
  });
  const finish = async (): Promise<GloamError | undefined> => {
    const error = await wanted;
    // What the last tasks had to say goes out before.
    connection.close();
    await Promise.all([runner.stop(), io.stop(systemTimers)]);
    return error;
  };
  return {
    ended: finish(),
    stop: (error) => end(error),
    leave: () => self.leave(settings.decommissionTimeout),
    removeFiles: () => runner.removeFiles(),
  };
}
