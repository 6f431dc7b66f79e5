import type { HostedTask } from "@gloam/executor";
import type { SchedulingFailure } from "@gloam/cluster";
import type { AccumulatingTask } from "@gloam/plan";
import type { JobGraph, JobId, MapOutput, PreparedTask, TaskId, UntimedEvent } from "@gloam/scheduler";
import { Provenance, type Lineage } from "@gloam/scheduler/testing";
import { ExpectedValues, type Evaluated } from "./evaluation.ts";
import { taskOfAdded } from "./simulated-results.ts";
import { payloadOf, readStageCode } from "./stage-code.ts";
import { Violation } from "./violation.ts";

/** Failures that use up a task's attempts. */
const blamed: ReadonlySet<string> = new Set(["exception", "workerLost", "resultLost"]);

interface JobRecord {
  readonly graph: JobGraph;
  /** Task of each result. */
  readonly results: Map<number, TaskId>;
  /** Task whose accumulators have been counted, by index. */
  readonly accumulated: Map<number, TaskId>;
  end: "finished" | "failed" | undefined;
}

/** The books of a simulation: what was launched, taken, reported and delivered, each once and all of it as it should be. */
export class Ledger {
  readonly jobs = new Map<JobId, JobRecord>();
  /** How often what happened. */
  readonly counts = new Map<string, number>();
  readonly #provenance: Provenance;
  readonly #expected: ExpectedValues;
  readonly #launched = new Map<TaskId, PreparedTask>();
  readonly #taken = new Map<TaskId, string>();
  /** Tasks whose end the scheduler has been told, or that it has been told are gone. */
  readonly #ended = new Set<TaskId>();
  /** Those, and tasks that it does not want any more: others may commit in their place. */
  readonly #over = new Set<TaskId>();
  /** Who may commit, by job and partition. */
  readonly #committers = new Map<string, TaskId>();
  /** Failures that count, by stage and partition. */
  readonly #failures = new Map<string, number>();
  /** Tasks that have ended badly. */
  readonly #failed = new Set<TaskId>();
  /** Map partitions whose accumulators have been counted, by shuffle and partition. */
  readonly #counted = new Set<string>();
  readonly #maxTaskFailures: number;
  readonly #checkedInputs = new WeakSet<readonly MapOutput[]>();

  constructor(lineage: Lineage, maxTaskFailures: number) {
    this.#maxTaskFailures = maxTaskFailures;
    this.#provenance = new Provenance(lineage);
    this.#expected = new ExpectedValues(lineage);
  }

  /** Jobs that have not ended. */
  get living(): readonly JobId[] {
    return [...this.jobs].filter(([, { end }]) => end === undefined).map(([job]) => job);
  }

  /** Whose a task is. */
  executorOf(task: TaskId): string | undefined {
    return this.#launched.get(task)?.launch.executor;
  }

  /** The driver launches a task. */
  launched(prepared: PreparedTask): void {
    const { task } = prepared.launch;
    if (this.#launched.has(task)) throw new Violation(`task ${task} is launched twice`);
    this.#launched.set(task, prepared);
    for (const { shuffle, outputs } of prepared.shuffles) {
      if (this.#checkedInputs.has(outputs)) continue;
      this.#checkedInputs.add(outputs);
      for (const { partition } of outputs) {
        if (this.#counted.has(`${shuffle}/${partition}`)) continue;
        throw new Violation(`accumulators of map partition ${partition} of shuffle ${shuffle} were not counted`);
      }
      this.#provenance.checkTasks(
        `shuffle ${shuffle}`,
        outputs.map((output) => output.task),
      );
    }
  }

  /** An executor takes a task: the one that was launched there, with the inputs that it was launched with. */
  taken(executor: string, hosted: HostedTask): void {
    const { task } = hosted;
    const other = this.#taken.get(task);
    if (other !== undefined) throw new Violation(`${executor} gets task ${task}, which ${other} got before`);
    this.#taken.set(task, executor);
    const prepared = this.#launched.get(task);
    if (prepared === undefined) throw new Violation(`nobody launched task ${task}`);
    const { launch, shuffles, code } = prepared;
    const wanted = {
      executor: launch.executor,
      stage: launch.stage,
      partition: launch.partition,
      attempt: launch.attempt,
      shuffles: shuffles.map(({ shuffle, outputs }) => [
        shuffle,
        outputs.map((output) => [output.partition, output.task]),
      ]),
      cached: launch.cached.map(({ node, partition }) => [node, partition]),
      payload: payloadOf(readStageCode(code.bytes).node, launch.partition),
    };
    const got = {
      executor,
      stage: hosted.stage,
      partition: hosted.partition,
      attempt: hosted.attempt,
      shuffles: hosted.shuffles.map(({ shuffle, outputs }) => [
        shuffle,
        outputs.map((output) => [output.partition, output.task]),
      ]),
      cached: hosted.cached.map(({ node, partition }) => [node, partition]),
      payload: hosted.payloads[0]?.payload,
    };
    const [a, b] = [JSON.stringify(wanted), JSON.stringify(got)];
    if (a !== b) throw new Violation(`task ${task} arrives as ${b}, and was launched as ${a}`);
  }

  /** A task has computed its partition. */
  computed(task: TaskId, { reads }: Evaluated): void {
    this.#provenance.ofTask.set(task, reads);
  }

  /** A task makes its output visible. */
  committed(task: TaskId): void {
    const { launch } = this.#launched.get(task) ?? {};
    if (launch?.stageKind.kind !== "result") throw new Violation(`task ${task} commits, and is none that may`);
    const key = `${launch.stageKind.job}/${launch.partition}`;
    const other = this.#committers.get(key);
    if (other !== undefined && other !== task && !this.#over.has(other)) {
      throw new Violation(`tasks ${other} and ${task} commit the same partition`);
    }
    if (this.#over.has(task)) this.count("commit of a task that was given up");
    else this.#committers.set(key, task);
  }

  /** The scheduler is told something. */
  told(event: UntimedEvent): void {
    this.count(event.type === "taskFailed" ? `${event.type}: ${event.failure.kind}` : event.type);
    if (event.type === "taskFinished" || event.type === "taskFailed") {
      if (this.#ended.has(event.task))
        throw new Violation(`the end of task ${event.task} is told again, or after its loss`);
      this.#end(event.task);
      if (event.type === "taskFailed") this.#failed.add(event.task);
      if (event.type === "taskFailed" && blamed.has(event.failure.kind)) this.#blame(event.task);
    } else if (event.type === "executorLost") {
      for (const [task, { launch }] of this.#launched) {
        if (launch.executor !== event.executor || this.#ended.has(task)) continue;
        this.#end(task);
        if (event.taskFault) this.#blame(task);
      }
    }
  }

  /** Whether the scheduler still wants to know what becomes of a task. */
  isWanted(task: TaskId): boolean {
    return !this.#over.has(task);
  }

  /** The scheduler does not want a task any more. */
  killed(task: TaskId): void {
    this.#over.add(task);
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  submitted(job: JobId, graph: JobGraph): void {
    this.jobs.set(job, { graph, results: new Map(), accumulated: new Map(), end: undefined });
  }

  /** What a task added to accumulators counts: of each result once, of map outputs for those that were wanted alone. */
  accumulated(job: JobId, source: AccumulatingTask, updates: Uint8Array): void {
    const { accumulated, graph } = this.#living(job);
    const task = taskOfAdded(updates);
    const { launch } = this.#launched.get(task) ?? {};
    const where = `what task ${task} added to accumulators`;
    if (launch === undefined || launch.stageKind.kind !== source.kind)
      throw new Violation(`${where} is another stage's`);
    if (this.#failed.has(task)) throw new Violation(`${where} counts, and it has failed`);
    this.count(`accumulated: ${source.kind}`);
    if (source.kind === "result") {
      if (accumulated.has(source.index)) throw new Violation(`${where} counts beside what another did for job ${job}`);
      accumulated.set(source.index, task);
    }
    const wanted = source.kind === "result" ? graph.partitions[source.index] : source.index;
    if (launch.partition !== wanted) throw new Violation(`${where} counts for partition ${wanted}`);
    if (launch.stageKind.kind === "shuffleMap" && source.kind === "shuffleMap") {
      if (launch.stageKind.shuffle !== source.shuffle)
        throw new Violation(`${where} counts for shuffle ${source.shuffle}`);
      this.#counted.add(`${source.shuffle}/${source.index}`);
    }
  }

  result(job: JobId, index: number, value: unknown): void {
    const { graph, results } = this.#living(job);
    const { bytes } = value as { readonly bytes: Uint8Array };
    const [task = -1, node, partition, evaluated] = new Uint32Array(bytes.slice(0, 16).buffer);
    if (results.has(index)) throw new Violation(`result ${index} of job ${job} comes twice`);
    if (this.#living(job).accumulated.get(index) !== task) {
      throw new Violation(`result ${index} of job ${job} comes without what its task ${task} added to accumulators`);
    }
    results.set(index, task);
    const wanted = graph.partitions[index];
    if (node !== graph.final || partition !== wanted || wanted === undefined) {
      throw new Violation(`result ${index} of job ${job} is ${node}/${partition}, not ${graph.final}/${wanted}`);
    }
    const expected = this.#expected.of(node, wanted);
    if (expected !== undefined && expected !== evaluated) {
      throw new Violation(`job ${job} gets a wrong value of ${node}/${partition} from task ${task}`);
    }
  }

  ended(job: JobId, failure: SchedulingFailure | undefined): void {
    const record = this.#living(job);
    record.end = failure === undefined ? "finished" : "failed";
    this.count(failure === undefined ? "job finished" : `job failed: ${failure.kind}`);
    if (failure !== undefined) {
      this.#justify(job, failure);
      return;
    }
    const { results, graph } = record;
    if (results.size !== graph.partitions.length) throw new Violation(`job ${job} lacks results`);
    this.#provenance.checkTasks(`job ${job}`, results.values());
  }

  /** Only what tasks did themselves may use up their attempts. */
  #justify(job: JobId, failure: SchedulingFailure): void {
    if (failure.kind !== "taskFailed") return;
    const failures = this.#failures.get(`${failure.stage}/${failure.partition}`) ?? 0;
    if (failures >= this.#maxTaskFailures) return;
    throw new Violation(`job ${job} fails after ${failures} failures that count of ${this.#maxTaskFailures}`);
  }

  #blame(task: TaskId): void {
    const { stage, partition } = this.#launched.get(task)?.launch ?? {};
    const key = `${stage}/${partition}`;
    this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
  }

  #end(task: TaskId): void {
    this.#ended.add(task);
    this.#over.add(task);
  }

  #living(job: JobId): JobRecord {
    const record = this.jobs.get(job);
    if (record === undefined) throw new Violation(`nobody submitted job ${job}`);
    if (record.end !== undefined) throw new Violation(`job ${job} is told of something after its end`);
    return record;
  }
}
