// Makes a driver that schedules in a thread of its own, and ends in the way told.
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { parallelizeNode } from "@gloam/plan";
import { jobRequest, threadedDriver } from "@gloam/testkit";

const way = process.argv[2];
const origin = { operation: "parallelize", callSite: undefined, ids: { nextNode: () => 1, nextShuffle: () => 1 } };
const request = await jobRequest(parallelizeNode(origin, [1, 2, 3], 3));
const say = (line) => process.stdout.write(`${line}\n`);

if (way === "stop" || way === "abandon") {
  const left = () => ({
    threads: readdirSync("/proc/self/task").length,
    handles: process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY|File)/.test(name)),
  });
  await Promise.all(Array.from({ length: 8 }, () => readFile("/proc/self/stat"))); // starts libuv's own threads
  await setTimeout(100);
  const before = left();
  for (let round = 0; round < 3; round++) {
    const driver = threadedDriver({});
    await driver.runJob(request);
    await driver[way]();
  }
  await setTimeout(100);
  say(JSON.stringify({ before, after: left() }));
} else {
  const driver = threadedDriver({ backend: { hangs: way === "exit" || way === "throw" } });
  if (way === "wait") await driver.ready();
  if (way === "run") await driver.runJob(request);
  if (way === "exit" || way === "throw") void driver.runJob(request);
  say("idle");
  if (way === "exit" || way === "throw") await setTimeout(300);
  if (way === "exit") process.exit(7);
  if (way === "throw") throw new Error("the program's own mistake");
}
