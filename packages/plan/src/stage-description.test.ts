import { describe, expect, test } from "vitest";
import { ancestorsFirst, lineageOf, shufflesOf } from "./lineage.ts";
import { parentPartitions } from "./narrow-mapping.ts";
import { coalesceNode, filterNode, mapNode, unionNode } from "./nodes/index.ts";
import type { PlanNode } from "./node.ts";
import { fixedCount } from "./partition-count.ts";
import { hashPartitioner } from "./partitioner.ts";
import { groupByKeyNode, joinNode, repartitionNode } from "./shuffles/index.ts";
import { countSink } from "./sinks/index.ts";
import { stageDescription, StagePayloads } from "./stage-description.ts";
import { captured } from "./testing/captured.ts";
import { testOrigin } from "./testing/origin.ts";
import { source } from "./testing/source.ts";

const nobody = (): undefined => undefined;

describe("narrow mappings", () => {
  test.each([
    [{ kind: "oneToOne" }, [[0], [1], [2]]],
    [{ kind: "range", start: 1, length: 1 }, [[], [0], []]],
    [{ kind: "groups", groups: [[0, 1], [], [2]] }, [[0, 1], [], [2]]],
  ] as const)("%o", (mapping, expected) => {
    expect([0, 1, 2].map((partition) => parentPartitions(mapping, partition))).toEqual(expected);
  });
});

test("a coalesced node cuts its parent into neighbours", () => {
  const coalesced = coalesceNode(testOrigin(), source(testOrigin(), 7), 3);
  expect(coalesced.dependencies[0]).toMatchObject({ mapping: { groups: [[0, 1], [2, 3], [4, 5, 6]] } }); // prettier-ignore
});

test("a stage reaches up to shuffles; shared ancestors come once", () => {
  const origin = testOrigin();
  const dealt = repartitionNode(origin, source(origin, 2), 3);
  const left = mapNode(origin, dealt, captured);
  const right = filterNode(origin, dealt, captured);
  const both = unionNode(origin, [left, right]);
  const stage = stageDescription(both, countSink(), (node) => (node === left.id ? "DISK_ONLY" : undefined));
  expect(stage.nodes.map(({ id }) => id)).toEqual([dealt.id, left.id, right.id, both.id]);
  expect(stage.nodes[0]?.inputs).toEqual([{ kind: "shuffle", shuffle: 1 }]);
  expect(stage.nodes[1]).toMatchObject({ level: "DISK_ONLY", inputs: [{ kind: "narrow", node: 0 }] });
  expect(stage.nodes[3]?.inputs).toEqual([
    { kind: "narrow", node: 1, mapping: { kind: "range", start: 0, length: 3 } },
    { kind: "narrow", node: 2, mapping: { kind: "range", start: 3, length: 3 } },
  ]);
  expect(stage.sink).toEqual(countSink());
  expect(structuredClone(stage)).toEqual(stage);
});

test("the lineage of a job has every ancestor before its children", () => {
  const origin = testOrigin();
  const shared = source(origin, 2);
  const grouped = groupByKeyNode(origin, shared, hashPartitioner(fixedCount(3)));
  const joined = joinNode(origin, grouped, mapNode(origin, shared, captured), "inner", hashPartitioner(fixedCount(3)));
  const nodes = ancestorsFirst(joined);
  expect(nodes.map(({ id }) => id)).toEqual([shared.id, grouped.id, shared.id + 2, joined.id]);
  const lineage = lineageOf(nodes, [2], (node) => (node === grouped.id ? "MEMORY_ONLY_2" : undefined));
  expect(lineage).toMatchObject({ final: joined.id, partitions: [2] });
  expect(lineage.nodes.map(({ partitions, persisted, replicas }) => [partitions, persisted, replicas])).toEqual([
    [2, false, undefined],
    [3, true, 2],
    [2, false, undefined],
    [3, false, undefined],
  ]);
  expect(lineage.nodes[3]?.dependencies).toMatchObject([
    { kind: "narrow", parent: grouped.id, mapping: { kind: "oneToOne" } },
    { kind: "shuffle", parent: shared.id + 2, partitions: 3 },
  ]);
  expect([...shufflesOf(nodes).values()].map(({ parent }) => parent.id)).toEqual([shared.id, shared.id + 2]);
});

describe("payloads of a task", () => {
  test("come from every source that the partition reads", () => {
    const origin = testOrigin();
    const first = source(origin, 3);
    const second = mapNode(origin, source(origin, 2), captured);
    const coalesced = coalesceNode(origin, unionNode(origin, [mapNode(origin, first, captured), second]), 2);
    const stage = stageDescription(coalesced, countSink(), nobody);
    const payloads = new StagePayloads(coalesced);
    const named = (partition: number) =>
      payloads
        .of(partition)
        .map(({ node, partition: at, payload }) => `${stage.nodes[node]?.id} ${at} ${String(payload)}`)
        .toSorted();
    expect(named(0)).toEqual([`${first.id} 0 slice 0`, `${first.id} 1 slice 1`]);
    const other = second.dependencies[0]!.parent.id;
    expect(named(1)).toEqual([`${first.id} 2 slice 2`, `${other} 0 slice 0`, `${other} 1 slice 1`]);
  });

  test("come once where a source is reached several ways", () => {
    const origin = testOrigin();
    const base = source(origin, 2);
    let node: PlanNode = base;
    // Doubling: a walk of every path would take 2^40 steps.
    const partitioner = hashPartitioner(fixedCount(2));
    for (let i = 0; i < 40; i++) {
      const placed = Object.assign(mapNode(origin, node, captured), { partitioner });
      node = unionNode(origin, [placed, placed]);
    }
    expect(new StagePayloads(node).of(1)).toEqual([{ node: 0, partition: 1, payload: "slice 1" }]);
  });
});

test("100,000 operations in a row: neither deep nor quadratic", () => {
  const origin = testOrigin();
  let node = source(origin, 2);
  for (let i = 0; i < 100_000; i++) node = mapNode(origin, node, captured);
  expect(node.partitionCount()).toBe(2);
  const nodes = ancestorsFirst(node);
  expect(lineageOf(nodes, [0, 1], nobody).nodes).toHaveLength(100_001);
  expect(stageDescription(node, countSink(), nobody).nodes).toHaveLength(100_001);
  const payloads = new StagePayloads(node);
  let given = 0;
  for (let i = 0; i < 10_000; i++) given += payloads.of(i & 1).length;
  expect(given).toBe(10_000);
});
