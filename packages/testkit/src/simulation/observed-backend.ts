import { RemoteBackend, type RemoteBackendOptions } from "@gloam/cluster/parts";
import type { Clock } from "@gloam/common";
import type { Channel, FromExecutor, ToExecutor } from "@gloam/protocol";
import type { PreparedTask, ResultGate, Scheduler, TaskFailure, UntimedEvent } from "@gloam/scheduler";
import type { Ledger } from "./ledger.ts";
import type { SimulatedFleet } from "./simulated-fleet.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import { Violation } from "./violation.ts";

/** What is known of the executors in truth. */
export interface BackendWitness {
  readonly ledger: Ledger;
  readonly fleet: SimulatedFleet;
  readonly scheduler: Scheduler;
  readonly note: (what: string) => void;
  readonly listening: () => Promise<void>;
  /** Has something happen in the driver after a while. */
  readonly later: (milliseconds: number, action: () => void) => void;
}

/** The real backend, with a witness beside it who knows what it may tell the scheduler. */
export class ObservedBackend extends RemoteBackend {
  /** Executors that the scheduler has been told are there. */
  readonly added = new Set<string>();
  /** And those that it has been told are lost, and when. */
  readonly lost = new Map<string, number>();
  /** The driver has stopped. */
  stopped = false;
  protected tell: (event: UntimedEvent) => void = () => undefined;
  readonly #clock: Clock;
  protected readonly witness: BackendWitness;
  readonly #connections = new Map<string, Channel<ToExecutor, FromExecutor> & { readonly ended?: unknown }>();

  constructor(options: RemoteBackendOptions, witness: BackendWitness) {
    super(options);
    this.#clock = options.clock;
    this.witness = witness;
  }

  override async start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void> {
    // As long as a server takes until it listens.
    await this.witness.listening();
    this.tell = (event) => {
      const { ledger } = this.witness;
      this.#check(event);
      const isWanted = event.type === "taskFailed" && ledger.isWanted(event.task);
      ledger.told(event);
      post(event);
      if (isWanted) this.#checkForgotten(event.task, event.failure);
    };
    await super.start((event) => this.tell(event), mayFetch);
  }

  override connected(executor: string, channel: Channel<ToExecutor, FromExecutor>): void {
    this.#connections.set(executor, channel);
    super.connected(executor, channel);
  }

  override launch(task: PreparedTask): void {
    this.witness.ledger.launched(task);
    super.launch(task);
  }

  override kill(task: number, executor: string): void {
    this.witness.ledger.killed(task);
    super.kill(task, executor);
  }

  /** What could not be read must not be believed in any more, unless it has moved since the task was launched. */
  #checkForgotten(task: number, failure: TaskFailure): void {
    if (failure.kind !== "fetchFailed") return;
    const { shuffle, mapPartition, mapTask } = failure;
    const outputs = this.witness.scheduler.state().tracker.get(shuffle);
    const output = outputs?.at(mapPartition);
    if (output?.task !== mapTask || task < (output.movedBefore ?? 0)) return;
    throw new Violation(
      `output ${shuffle}/${mapPartition} of task ${mapTask} is believed in after it could not be read`,
    );
  }

  #check(event: UntimedEvent): void {
    const { ledger, fleet, note } = this.witness;
    if (this.stopped) throw new Violation(`${event.type} is told after the end`);
    switch (event.type) {
      case "executorAdded":
        note(`driver: has ${event.executor} with ${event.slots} slots`);
        if (this.added.has(event.executor)) throw new Violation(`${event.executor} is added a second time`);
        this.added.add(event.executor);
        return;
      case "executorLost": {
        const { executor, taskFault, reason } = event;
        note(`driver: ${reason}${taskFault ? " by fault of a task" : ""}`);
        if (!this.added.has(executor)) throw new Violation(`${executor} is lost, and never was there`);
        if (this.lost.has(executor)) throw new Violation(`${executor} is lost a second time`);
        this.lost.set(executor, this.#clock.now());
        const process = fleet.processes.get(executor);
        if (process?.alive === true && !fleet.endAsked.has(executor)) {
          throw new Violation(`${executor} is lost, and lives with nobody to end it`);
        }
        if (taskFault && !diedOfMemory(process)) {
          throw new Violation(`a task gets the blame for the end of ${executor}, which did not run out of memory`);
        }
        return;
      }
      case "taskFinished":
      case "taskFailed":
      case "blocksAdded":
      case "commitAsked": {
        const executor = ledger.executorOf(event.task) ?? "nobody";
        const gone = this.lost.has(executor) || !this.added.has(executor);
        if (gone || this.#connections.get(executor)?.ended !== undefined) {
          throw new Violation(`${event.type} of task ${event.task} is believed, and ${executor} is lost`);
        }
        return;
      }
      default:
        return;
    }
  }
}

function diedOfMemory(process: SimulatedProcess | undefined): boolean {
  if (process?.ended === undefined || process.ended.cause !== "crash") return false;
  const { code, signal } = process.ended.how;
  return code === 134 || code === 137 || signal === "SIGABRT" || signal === "SIGKILL";
}
