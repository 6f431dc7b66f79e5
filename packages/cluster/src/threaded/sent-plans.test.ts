import {
  coalesceNode,
  type OperationNode,
  parallelizeNode,
  repartitionNode,
  unionNode,
  type JobRequest,
  type PlanNode,
} from "@gloam/plan";
import { serialize } from "node:v8";
import { describe, expect, it } from "vitest";
import { stageCode, stageOf } from "../job-stages.ts";
import { testOrigin, testRequest } from "../testing/plans.ts";
import type { JobPlan } from "./job-plan.ts";
import { ReceivedPlans } from "./received-plans.ts";
import { SentPlans } from "./sent-plans.ts";

/** Both sides, with a copy between them as between threads. */
class Wire {
  readonly sent = new SentPlans();
  readonly received = new ReceivedPlans();
  #job = 0;

  send(request: JobRequest): { readonly job: number; readonly plan: JobPlan; readonly bytes: number } {
    const job = ++this.#job;
    let sent: { plan: JobPlan; bytes: number } | undefined;
    this.sent.send(request, (plan) => (sent = { plan: structuredClone(plan), bytes: serialize(plan).byteLength }));
    const { plan, bytes } = sent!;
    expect(this.received.add(job, plan)).toEqual(request.lineage);
    return { job, plan, bytes };
  }

  /** Expects of every stage of a job what the driver's own thread would have made. */
  expectStages(job: number, request: JobRequest): void {
    const shuffles = [...request.shuffles.keys()].map((shuffle) => ({ kind: "shuffleMap", shuffle }) as const);
    for (const kind of [{ kind: "result", job } as const, ...shuffles]) {
      const stage = stageOf(request, kind)!;
      const [here, there] = [stageCode(stage, request.levelOf), this.received.codeOf(kind)];
      expect(there.bytes).toEqual(here.bytes);
      for (let partition = 0; partition < stage.final.partitionCount(); partition++) {
        if (kind.kind === "result" && !request.partitions.includes(partition)) continue;
        expect(there.payloads(partition)).toEqual(here.payloads(partition));
      }
    }
  }
}

const origin = testOrigin();

function source(elements = 6, partitions = 3): PlanNode {
  return parallelizeNode(origin, Array.from({ length: elements }, String), partitions);
}

/** Numbers of stages and payloads that were sent. */
function counts({ stages, payloads }: JobPlan): [number, number] {
  return [stages.length, [...payloads.values()].reduce((sum, ofNode) => sum + ofNode.size, 0)];
}

describe("plans between threads", () => {
  it("arrive as they are made where the driver schedules itself", () => {
    const wire = new Wire();
    const shared = source();
    const left = repartitionNode(origin, unionNode(origin, [shared, source(4, 2)]), 4);
    const right = coalesceNode(origin, repartitionNode(origin, shared, 5), 2);
    const request = testRequest(unionNode(origin, [left, shared, right]), new Set([left.id, shared.id]), [7, 0, 4, 5]);
    const { job, plan } = wire.send(request);
    expect(counts(plan)).toEqual([2, 3 + 2]);
    wire.expectStages(job, request);
  });

  it("bring new stages alone: a loop of 200 jobs sends as many bytes for the last as for the first", () => {
    const wire = new Wire();
    let node = source();
    const sizes: number[] = [];
    for (let iteration = 0; iteration < 200; iteration++) {
      node = repartitionNode(origin, node, 3);
      const request = testRequest(node);
      const { job, plan, bytes } = wire.send(request);
      sizes.push(bytes);
      expect(counts(plan)).toEqual([1, iteration === 0 ? 3 : 0]);
      if (iteration % 50 === 49) wire.expectStages(job, request);
      wire.received.remove(job);
    }
    expect(Math.max(...sizes.slice(1))).toBeLessThan(sizes[1]! + 50);
  });

  it("bring payloads once, for the partitions that are computed", () => {
    const wire = new Wire();
    const node = source(9000, 3);
    expect(counts(wire.send(testRequest(node, undefined, [1])).plan)).toEqual([0, 1]);
    const first = wire.send(testRequest(node));
    expect(counts(first.plan)).toEqual([0, 2]);
    const second = wire.send(testRequest(node));
    expect(counts(second.plan)).toEqual([0, 0]);
    expect(second.bytes).toBeLessThan(first.bytes / 10);
    wire.expectStages(second.job, testRequest(node));
  });

  it("bring a stage anew when other nodes of it are persisted, which running jobs do not see", () => {
    const wire = new Wire();
    const base = source();
    const node = repartitionNode(origin, base, 2);
    const [before, after] = [testRequest(node), testRequest(node, new Set([base.id]))];
    const first = wire.send(before);
    expect(counts(wire.send(before).plan)).toEqual([0, 0]);
    wire.received.remove(2);
    const second = wire.send(after);
    expect(counts(second.plan)).toEqual([1, 0]);
    wire.expectStages(first.job, before);
    wire.received.remove(first.job);
    wire.expectStages(second.job, after);
    expect(counts(wire.send(after).plan)).toEqual([0, 0]);
  });

  it("bring what was released anew", () => {
    const wire = new Wire();
    const base = source();
    const node = repartitionNode(origin, base, 2);
    const request = testRequest(node);
    wire.send(request);
    const [shuffle] = [...request.shuffles.keys()] as [number];
    wire.sent.forgetShuffles([shuffle]);
    wire.received.releaseShuffles([shuffle]);
    expect(counts(wire.send(request).plan)).toEqual([1, 0]);
    expect(wire.sent.forgetNodes([node.id, base.id])).toEqual([base.id]);
    wire.received.releaseNodes([base.id]);
    expect(wire.sent.forgetNodes([base.id])).toEqual([]);
    const { job, plan } = wire.send(request);
    expect(counts(plan)).toEqual([1, 3]);
    wire.expectStages(job, request);
  });

  it("bring stages anew whose nodes are not what they were", () => {
    const wire = new Wire();
    const upper = source();
    const base = repartitionNode(origin, upper, 2);
    const node = repartitionNode(origin, base, 2);
    wire.received.remove(wire.send(testRequest(node)).job);
    (base as OperationNode).becomeSource({
      kernel: { package: "test", export: "checkpoint", functions: [] },
      payload: (partition) => `part ${partition}`,
    });
    wire.received.releaseNodes(wire.sent.forgetNodes([base.id]));
    const request = testRequest(node);
    const { job, plan } = wire.send(request);
    expect(counts(plan)).toEqual([1, 2]);
    wire.expectStages(job, request);
    expect(counts(wire.send(request).plan)).toEqual([0, 0]);
  });

  it("are not taken for sent when they cannot be", () => {
    const wire = new Wire();
    const request = testRequest(repartitionNode(origin, source(), 2));
    const refuse = (): never => {
      throw new RangeError("it cannot be cloned");
    };
    expect(() => wire.sent.send(request, refuse)).toThrow("it cannot be cloned");
    expect(counts(wire.send(request).plan)).toEqual([1, 3]);
  });

  it("are missed loudly", () => {
    const wire = new Wire();
    const { job } = wire.send(testRequest(source()));
    wire.received.releaseNodes([...testRequest(source()).nodes.keys()].map((id) => id - 1));
    expect(() => wire.received.codeOf({ kind: "result", job }).payloads(0)).toThrow("GLOAM_INTERNAL: the payload");
    wire.received.remove(job);
    expect(() => wire.received.codeOf({ kind: "result", job })).toThrow("GLOAM_INTERNAL: no plan");
  });
});
