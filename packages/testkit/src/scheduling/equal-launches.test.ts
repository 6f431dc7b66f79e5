import type { ClusterDriver } from "@gloam/cluster";
import { createRandom } from "@gloam/common";
import type { NodeId, PlanNode } from "@gloam/plan";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlace, type Place } from "../pipelines/place.ts";
import { randomPipeline } from "../pipelines/random-pipeline.ts";
import type { Told } from "./answering-backend.ts";
import { directDriver, threadedDriver } from "./drivers.ts";
import { jobRequest } from "./job-request.ts";
import { SharedTape } from "./shared-tape.ts";

/** Set GLOAM_TEST_SEED to begin elsewhere, GLOAM_TEST_PIPELINES for another number of pipelines. */
const firstSeed = Number(process.env["GLOAM_TEST_SEED"] ?? "1");
const pipelines = Math.ceil(Number(process.env["GLOAM_TEST_PIPELINES"] ?? "200") / 4);

/** A driver with a backend whose map outputs get lost now and then, and what that is told. */
function course(make: typeof directDriver): { driver: ClusterDriver; tape: SharedTape } {
  const tape = new SharedTape(64 * 2 ** 20);
  const backend = { tape: tape.shared, slots: 3, losesEvery: 7 };
  return { tape, driver: make({ backend, scheduler: { maxStageAttempts: 100 } }) };
}

let place: Place;
beforeAll(async () => {
  // Makes the plans, and counts what has to be counted for them.
  place = await openPlace({ master: "local[1]", appName: "equal launches" }, 1);
});
afterAll(() => place[Symbol.asyncDispose]());

/**
 * Runs jobs over nodes, one after the other, or what the backend is told would depend on the time. Between them nodes
 * are persisted and not any more, and things are released, also such that later jobs need.
 */
async function runJobs(driver: ClusterDriver, nodes: readonly PlanNode[], seed: number): Promise<unknown[]> {
  const random = createRandom(seed);
  const persisted = new Set<NodeId>();
  const outcomes: unknown[] = [];
  for (let job = 0; job < 6; job++) {
    const node = nodes[random.nextInt(nodes.length)]!;
    const all = Array.from({ length: node.partitionCount() }, (_, partition) => partition);
    const partitions = random.nextInt(2) === 0 ? all : all.filter(() => random.nextInt(4) > 0);
    const onResult = (...result: unknown[]): void => void outcomes.push(result);
    const request = await jobRequest(node, { onResult, partitions }, persisted);
    await driver.runJob(request);
    const ids = [...request.nodes.keys()];
    for (const id of ids) if (random.nextInt(6) === 0) persisted.add(id);
    driver.unpersist(ids.filter((id) => random.nextInt(6) === 0 && persisted.delete(id)));
    driver.releaseShuffles([...request.shuffles.keys()].filter(() => random.nextInt(4) === 0));
    driver.releaseNodes(ids.filter(() => random.nextInt(4) === 0));
  }
  return outcomes;
}

/** What was told up to the last launch; what was released last may be told of late, or not before the end. */
function told(tape: SharedTape): unknown[] {
  const lines = tape.lines() as Told[];
  const end = lines.findLastIndex((each) => each.told === "launch") + 1;
  return lines.slice(0, end).map((each) => ("at" in each ? { ...each, at: 0 } : each));
}

test("a scheduler in another thread launches what one on the driver's thread launches", async () => {
  const courses = [directDriver, threadedDriver].map(course);
  for (let seed = firstSeed; seed < firstSeed + pipelines; seed++) {
    const pipeline = randomPipeline(seed, false);
    const rdds = await pipeline.buildAll(place);
    const nodes = rdds.map(({ node }) => node);
    for (const node of nodes) await jobRequest(node);
    const [here, there] = await Promise.all(courses.map(({ driver }) => runJobs(driver, nodes, seed)));
    expect(there, `seed ${seed}:\n${pipeline.description}`).toEqual(here);
  }
  await Promise.all(courses.map(({ driver }) => driver.stop()));
  const [here, there] = courses.map(({ tape }) => told(tape));
  expect(there).toEqual(here);
  expect(here?.length).toBeGreaterThan(pipelines * 20);
});
