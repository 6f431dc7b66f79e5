import { GloamError } from "@gloam/common";
import { demandsOf, type NodeId, type ShuffleId } from "@gloam/plan";
import type { GraphNode, JobGraph, JobId, StageCode, StageKind, UserModule } from "@gloam/scheduler";
import type { StageCodeSource } from "../scheduler-host.ts";
import type { JobPlan } from "./job-plan.ts";
import { ReceivedStage } from "./received-stage.ts";

/** What a running job computes. */
interface ReceivedJob {
  readonly result: ReceivedStage;
  /** In use until the job ends, also where a newer one of the same shuffle has come. */
  readonly stages: ReadonlyMap<ShuffleId, ReceivedStage>;
}

/** The scheduling thread's side of `SentPlans`: keeps stages and payloads until they are released. */
export class ReceivedPlans implements StageCodeSource {
  readonly #stages = new Map<ShuffleId, ReceivedStage>();
  readonly #payloads = new Map<NodeId, Map<number, unknown>>();
  /** By path. A few KiB each, and kept: an executor that starts later needs them too. */
  readonly #modules = new Map<string, UserModule>();
  /** In the order of their submission. */
  readonly #jobs = new Map<JobId, ReceivedJob>();

  /** Keeps what is new in a job, and gives its graph. */
  add(job: JobId, plan: JobPlan): JobGraph {
    for (const [node, payloads] of plan.payloads) {
      const kept = this.#payloads.get(node) ?? new Map<number, unknown>();
      for (const [partition, payload] of payloads) kept.set(partition, payload);
      this.#payloads.set(node, kept);
    }
    for (const module of plan.modules) this.#modules.set(module.path, module);
    const moduleAt = (path: string): UserModule => this.#moduleAt(path);
    const payloadOf = (node: NodeId, partition: number): unknown => this.#payloadOf(node, partition);
    for (const [shuffle, stage] of plan.stages)
      this.#stages.set(shuffle, new ReceivedStage(stage, payloadOf, moduleAt));
    const result = new ReceivedStage(plan.result, payloadOf, moduleAt);
    const { nodes, stages } = this.#lineage(result);
    this.#jobs.set(job, { result, stages });
    const { partitions, joinsPieces } = plan;
    return { nodes, final: result.final.id, partitions, ...(joinsPieces && { joinsPieces }), ...demandsOf(nodes) };
  }

  /** A job has ended. */
  remove(job: JobId): void {
    this.#jobs.delete(job);
  }

  releaseShuffles(shuffles: readonly ShuffleId[]): void {
    for (const shuffle of shuffles) this.#stages.delete(shuffle);
  }

  releaseNodes(nodes: readonly NodeId[]): void {
    for (const node of nodes) this.#payloads.delete(node);
  }

  codeOf(kind: StageKind): StageCode {
    for (const [job, { result, stages }] of this.#jobs) {
      if (kind.kind === "result" && kind.job === job) return result.code;
      const stage = kind.kind === "shuffleMap" ? stages.get(kind.shuffle) : undefined;
      if (stage !== undefined) return stage.code;
    }
    throw new GloamError("GLOAM_INTERNAL", `no plan for the stage of ${JSON.stringify(kind)}`);
  }

  /** Walks as `ancestorsFirst` does, so that the graph is the one that the driver's own thread would have made. */
  #lineage(result: ReceivedStage): { nodes: GraphNode[]; stages: Map<ShuffleId, ReceivedStage> } {
    const nodes: GraphNode[] = [];
    const stages = new Map<ShuffleId, ReceivedStage>();
    const known = new Map(result.nodes.map((node) => [node.id, node]));
    const entered = new Set([result.final.id]);
    const stack: { readonly node: GraphNode; next: number }[] = [{ node: result.final, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const dependency = top.node.dependencies[top.next++];
      if (dependency === undefined) {
        nodes.push(top.node);
        stack.pop();
        continue;
      }
      if (dependency.kind === "shuffle" && !stages.has(dependency.shuffle)) {
        const stage = this.#stageOf(dependency.shuffle);
        stages.set(dependency.shuffle, stage);
        for (const node of stage.nodes) known.set(node.id, node);
      }
      if (entered.has(dependency.parent)) continue;
      entered.add(dependency.parent);
      const parent = known.get(dependency.parent);
      if (parent === undefined) throw new GloamError("GLOAM_INTERNAL", `node ${dependency.parent} was not sent`);
      stack.push({ node: parent, next: 0 });
    }
    return { nodes, stages };
  }

  #stageOf(shuffle: ShuffleId): ReceivedStage {
    const stage = this.#stages.get(shuffle);
    if (stage === undefined) throw new GloamError("GLOAM_INTERNAL", `the stage behind shuffle ${shuffle} was not sent`);
    return stage;
  }

  #moduleAt(path: string): UserModule {
    const module = this.#modules.get(path);
    if (module === undefined) throw new GloamError("GLOAM_INTERNAL", `the module ${path} was not sent`);
    return module;
  }

  #payloadOf(node: NodeId, partition: number): unknown {
    const payloads = this.#payloads.get(node);
    if (payloads?.has(partition) === true) return payloads.get(partition);
    throw new GloamError("GLOAM_INTERNAL", `the payload of partition ${partition} of node ${node} was not sent`);
  }
}
