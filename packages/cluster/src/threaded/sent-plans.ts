import {
  stageNodes,
  StagePayloads,
  type JobRequest,
  type LevelOf,
  type NodeId,
  type PlanNode,
  type ShuffleId,
  type StorageLevel,
} from "@gloam/plan";
import type { CapturedFunction } from "@gloam/closure";
import type { StageModules, UserModule } from "@gloam/scheduler";
import { withAddedFiles } from "../added-files.ts";
import { mapStage, resultStage, stageFunctions, type JobStage } from "../job-stages.ts";
import { stagePlan, type JobPlan, type StagePlan } from "./job-plan.ts";

/** What the scheduling thread has of a stage behind a shuffle. */
interface SentStage {
  /** Its nodes, and how each is kept. */
  readonly levels: ReadonlyMap<NodeId, StorageLevel | undefined>;
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
    const { shuffles, levelOf, partitions } = request;
    const stages: [ShuffleId, StagePlan][] = [];
    const payloads = new Map<NodeId, Map<number, unknown>>();
    const modules = new Map<string, UserModule>();
    const plan = (stage: JobStage): StagePlan => {
      const needed = this.#modulesOf(stage);
      for (const module of needed?.modules ?? []) {
        if (!this.#modules.has(module.path)) modules.set(module.path, module);
      }
      return stagePlan(stage, levelOf, needed);
    };
    for (const [shuffle, { parent, writer }] of shuffles) {
      if (this.#has(shuffle, levelOf)) continue;
      const stage = mapStage(request, { parent, writer });
      stages.push([shuffle, plan(stage)]);
      this.#addPayloads(payloads, stage, everyPartition(parent));
    }
    const final = resultStage(request);
    const result = plan(final);
    this.#addPayloads(payloads, final, partitions);
    post({ result, partitions, stages, payloads, modules: [...modules.values()] });
    for (const path of modules.keys()) this.#modules.add(path);
    for (const [shuffle, stage] of stages) this.#stages.set(shuffle, sentStage(stage, levelOf));
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

  /**
   * The thread forgets payloads; gives the nodes among these that it has any of. Stages with these nodes are not what they were: they
   * are sent anew if they are needed.
   */
  forgetNodes(nodes: readonly NodeId[]): NodeId[] {
    for (const [shuffle, { levels }] of this.#stages) {
      if (nodes.some((node) => levels.has(node))) this.#stages.delete(shuffle);
    }
    return nodes.filter((node) => this.#payloads.delete(node));
  }

  /** Whether the thread has the stage with its payloads and the same nodes kept in the same way. */
  #has(shuffle: ShuffleId, levelOf: LevelOf): boolean {
    const stage = this.#stages.get(shuffle);
    return (
      stage !== undefined &&
      stage.withPayloads.every((node) => this.#payloads.has(node)) &&
      [...stage.levels].every(([node, level]) => levelOf(node) === level)
    );
  }

  #modulesOf(stage: JobStage): StageModules | undefined {
    return withAddedFiles(this.#gather(stageFunctions(stage)), stage.files);
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

function sentStage({ nodes, withPayloads }: StagePlan, levelOf: LevelOf): SentStage {
  return { levels: new Map(nodes.map(({ id }) => [id, levelOf(id)])), withPayloads };
}

function everyPartition(node: PlanNode): number[] {
  return Array.from({ length: node.partitionCount() }, (_, partition) => partition);
}
