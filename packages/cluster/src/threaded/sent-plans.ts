import { stageNodes, StagePayloads, type JobRequest, type NodeId, type PlanNode, type ShuffleId } from "@gloam/plan";
import type { CapturedFunction } from "@gloam/closure";
import type { StageModules, UserModule } from "@gloam/scheduler";
import { stageFunctions, type JobStage } from "../job-stages.ts";
import { stagePlan, type JobPlan, type StagePlan } from "./job-plan.ts";

/** What the scheduling thread has of a stage behind a shuffle. */
interface SentStage {
  readonly nodes: readonly NodeId[];
  readonly persisted: ReadonlySet<NodeId>;
  readonly withPayloads: readonly NodeId[];
}

/** What executors get of the user's modules that functions import; undefined where there is nothing to get. */
export type GatherModules = (functions: readonly CapturedFunction[]) => StageModules | undefined;

/**
 * Knows which stages and payloads the scheduling thread has, so that a job sends what is new in it: a loop of a thousand
 * jobs over one growing lineage encodes and sends each stage once.
 */
export class SentPlans {
  readonly #stages = new Map<ShuffleId, SentStage>();
  readonly #payloads = new Map<NodeId, Set<number>>();
  /** Paths of modules. */
  readonly #modules = new Set<string>();
  readonly #gather: GatherModules;

  constructor(gather: GatherModules = () => undefined) {
    this.#gather = gather;
  }

  /** Reads the modules that a job will need, so that nothing is left to do when it is sent. */
  prepare({ final, sink, shuffles }: JobRequest): void {
    this.#modulesOf({ final, sink });
    for (const [shuffle, { parent, writer }] of shuffles) {
      if (!this.#stages.has(shuffle)) this.#modulesOf({ final: parent, sink: writer });
    }
  }

  /** Gives what the thread lacks of a job to `post`, and knows it there unless that throws. */
  send(request: JobRequest, post: (plan: JobPlan) => void): void {
    const { shuffles, isPersisted, partitions } = request;
    const joinsPieces = request.joinPieces !== undefined;
    const stages: [ShuffleId, StagePlan][] = [];
    const payloads = new Map<NodeId, Map<number, unknown>>();
    const modules = new Map<string, UserModule>();
    const plan = (stage: JobStage): StagePlan => {
      const needed = this.#modulesOf(stage);
      for (const module of needed?.modules ?? []) {
        if (!this.#modules.has(module.path)) modules.set(module.path, module);
      }
      return stagePlan(stage, isPersisted, needed);
    };
    for (const [shuffle, { parent, writer }] of shuffles) {
      if (this.#has(shuffle, isPersisted)) continue;
      const stage: JobStage = { final: parent, sink: writer };
      stages.push([shuffle, plan(stage)]);
      this.#addPayloads(payloads, stage, everyPartition(parent));
    }
    const result = plan(request);
    this.#addPayloads(payloads, request, partitions);
    post({ result, partitions, joinsPieces, stages, payloads, modules: [...modules.values()] });
    for (const path of modules.keys()) this.#modules.add(path);
    for (const [shuffle, stage] of stages) this.#stages.set(shuffle, sentStage(stage));
    for (const [node, ofNode] of payloads) {
      const sent = this.#payloads.get(node) ?? new Set();
      for (const partition of ofNode.keys()) sent.add(partition);
      this.#payloads.set(node, sent);
    }
  }

  /** The thread forgets the stages behind these shuffles. */
  forgetShuffles(shuffles: readonly ShuffleId[]): void {
    for (const shuffle of shuffles) this.#stages.delete(shuffle);
  }

  /** The thread forgets payloads; gives the nodes among these that it has any of. */
  forgetNodes(nodes: readonly NodeId[]): NodeId[] {
    return nodes.filter((node) => this.#payloads.delete(node));
  }

  /** Whether the thread has the stage with its payloads and the same nodes persisted. */
  #has(shuffle: ShuffleId, isPersisted: (node: NodeId) => boolean): boolean {
    const stage = this.#stages.get(shuffle);
    return (
      stage !== undefined &&
      stage.withPayloads.every((node) => this.#payloads.has(node)) &&
      stage.nodes.every((node) => isPersisted(node) === stage.persisted.has(node))
    );
  }

  #modulesOf(stage: JobStage): StageModules | undefined {
    return this.#gather(stageFunctions(stage));
  }

  /** Adds what the thread lacks of the payloads that the stage's tasks need. */
  #addPayloads(to: Map<NodeId, Map<number, unknown>>, { final }: JobStage, partitions: readonly number[]): void {
    const nodes = stageNodes(final);
    if (nodes.every((node) => this.#hasPayloads(node))) return;
    const payloads = new StagePayloads(final);
    for (const place of partitions.flatMap((partition) => payloads.places(partition))) {
      const node = nodes[place.node] as PlanNode;
      const ofNode = to.get(node.id) ?? new Map<number, unknown>();
      if (ofNode.has(place.partition) || this.#payloads.get(node.id)?.has(place.partition) === true) continue;
      to.set(node.id, ofNode.set(place.partition, node.payload?.(place.partition)));
    }
  }

  /** Whether the thread has all payloads of the node: then nobody has to ask which of them are needed. */
  #hasPayloads(node: PlanNode): boolean {
    return node.payload === undefined || this.#payloads.get(node.id)?.size === node.partitionCount();
  }
}

function sentStage({ nodes, withPayloads }: StagePlan): SentStage {
  const persisted = nodes.filter((node) => node.persisted);
  return { nodes: nodes.map(({ id }) => id), persisted: new Set(persisted.map(({ id }) => id)), withPayloads };
}

function everyPartition(node: PlanNode): number[] {
  return Array.from({ length: node.partitionCount() }, (_, partition) => partition);
}
