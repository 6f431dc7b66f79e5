import { checkMessage, type ExecutorTaskStatus, type TaskInfo } from "@gloam/mesos";
import { encodeLaunchSettings, type LaunchSettings } from "@gloam/protocol";
import { describe, expect, test } from "vitest";
import { decodeProcessEnd } from "../mesos/process-end-data.ts";
import { settings } from "../mesos/testing/fleet-under-test.ts";
import type { ProcessEnd } from "../remote/fleet.ts";
import { VirtualTimers } from "../remote/testing/virtual-timers.ts";
import { Supervisor } from "./supervisor.ts";

/** A process that is the test. */
class FakeChild {
  readonly told: string[] = [];
  readonly settings: LaunchSettings;
  readonly end: (how: Partial<ProcessEnd>) => void;

  constructor(given: LaunchSettings, onEnd: (end: ProcessEnd) => void) {
    this.settings = given;
    this.end = (how) => onEnd({ code: undefined, signal: undefined, ...how });
  }

  leave(): void {
    this.told.push("leave");
  }
  finish(): void {
    this.told.push("finish");
  }
  kill(): boolean {
    this.told.push("kill");
    return true;
  }
}

/** A Mesos executor whose agent, processes and time are the test. */
class SupervisorUnderTest {
  readonly timers = new VirtualTimers();
  readonly children: FakeChild[] = [];
  readonly updates: ExecutorTaskStatus[] = [];
  ends = 0;
  readonly supervisor = new Supervisor({
    client: {
      update: (status) => {
        checkMessage("TaskStatus", structuredClone(status), { strict: true });
        this.updates.push(status);
      },
    },
    start: (given, onEnd) => {
      const child = new FakeChild(given, onEnd);
      this.children.push(child);
      return child;
    },
    timers: this.timers,
    sandbox: "/sandbox",
    shutdownGrace: 3000,
    onEnd: () => this.ends++,
  });

  launch(...ids: readonly string[]): void {
    for (const id of ids) this.supervisor.receive({ type: "LAUNCH", launch: { task: taskOf(id) } });
  }

  kill(id: string, milliseconds?: number): void {
    this.supervisor.receive({
      type: "KILL",
      kill: {
        task_id: { value: id },
        ...(milliseconds !== undefined && { kill_policy: { grace_period: { nanoseconds: milliseconds * 1e6 } } }),
      },
    });
  }

  /** States of a task that were told, in order. */
  states(id: string): readonly string[] {
    return this.updates.filter(({ task_id }) => task_id.value === id).map(({ state }) => state);
  }
}

function taskOf(id: string, data = encodeLaunchSettings({ ...settings, executor: id, scratchPath: id })): TaskInfo {
  return {
    name: id,
    task_id: { value: id },
    agent_id: { value: "agent-1" },
    data: Buffer.from(data).toString("base64"),
  };
}

describe("a launch", () => {
  test("starts a process with the task's settings, with its files in the sandbox", () => {
    const story = new SupervisorUnderTest();
    story.supervisor.receive({ type: "LAUNCH", launch: { task: taskOf("one") } });
    expect(story.children.map((child) => child.settings)).toEqual([
      { ...settings, executor: "one", scratchPath: "/sandbox/one" },
    ]);
    expect(story.states("one")).toEqual(["TASK_RUNNING"]);
  });

  test("of a group starts each", () => {
    const story = new SupervisorUnderTest();
    const tasks = [taskOf("one"), taskOf("two")];
    story.supervisor.receive({
      type: "LAUNCH_GROUP",
      launch_group: { task_group: { tasks } },
    });
    expect(story.children.map((child) => child.settings.executor)).toEqual(["one", "two"]);
  });

  test("that is told twice starts one", () => {
    const story = new SupervisorUnderTest();
    story.launch("one", "one");
    expect(story.children).toHaveLength(1);
    expect(story.states("one")).toEqual(["TASK_RUNNING"]);
  });

  test.each([
    ["no settings", undefined],
    ["no text", "�"],
    ["no JSON", "{"],
    ["other settings", JSON.stringify({ ...settings, slots: "many" })],
  ])("with %s fails, and says nothing of them", (_, data) => {
    const story = new SupervisorUnderTest();
    const { data: _data, ...task } = taskOf("one", data);
    story.supervisor.receive({ type: "LAUNCH", launch: { task: data === undefined ? task : taskOf("one", data) } });
    expect(story.children).toEqual([]);
    expect(story.updates).toMatchObject([
      { state: "TASK_FAILED", message: expect.stringContaining("settings that are not valid") as string },
    ]);
    expect(JSON.stringify(story.updates)).not.toContain(settings.secret);
  });

  test("while all is ending fails", () => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.supervisor.receive({ type: "SHUTDOWN" });
    story.launch("two");
    expect(story.states("two")).toEqual(["TASK_FAILED"]);
    expect(story.children).toHaveLength(1);
  });
});

describe("a task", () => {
  test.each([
    [{ code: 0 }, "TASK_FINISHED", undefined],
    [{ code: 1 }, "TASK_FAILED", undefined],
    [{ signal: "SIGTERM" }, "TASK_FAILED", undefined],
    [{ code: 134 }, "TASK_FAILED", "REASON_CONTAINER_LIMITATION_MEMORY"],
    [{ code: 137 }, "TASK_FAILED", "REASON_CONTAINER_LIMITATION_MEMORY"],
    [{ signal: "SIGKILL" }, "TASK_FAILED", "REASON_CONTAINER_LIMITATION_MEMORY"],
    [{ signal: "SIGABRT" }, "TASK_FAILED", "REASON_CONTAINER_LIMITATION_MEMORY"],
  ])("whose process ended with %o is %s", (end, state, reason) => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.children[0]?.end(end);
    expect(story.states("one")).toEqual(["TASK_RUNNING", state]);
    const last = story.updates.at(-1);
    expect(last?.reason).toBe(reason);
    expect(decodeProcessEnd(last?.data)).toEqual({ code: undefined, signal: undefined, ...end });
    expect(last?.message).not.toBe("");
  });

  test("that ended takes no other with it, and may not be killed any more", () => {
    const story = new SupervisorUnderTest();
    story.launch("one", "two");
    story.children[0]?.end({ signal: "SIGKILL" });
    story.kill("one");
    story.kill("unknown");
    expect(story.states("two")).toEqual(["TASK_RUNNING"]);
    expect(story.children.map(({ told }) => told)).toEqual([[], []]);
    expect(story.updates).toHaveLength(3);
  });
});

describe("KILL", () => {
  test("without grace ends the process at once", () => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.kill("one", 0);
    expect(story.children[0]?.told).toEqual(["kill"]);
    story.children[0]?.end({ signal: "SIGKILL" });
    expect(story.states("one")).toEqual(["TASK_RUNNING", "TASK_KILLED"]);
    expect(story.updates.at(-1)).toMatchObject({ message: "it was told to go" });
    expect(story.updates.at(-1)?.reason).toBeUndefined();
  });

  test.each([
    [20_000, 20_000],
    [undefined, 5000],
  ])("with a grace of %s asks it to go, and ends it when %i ms are over", (grace, milliseconds) => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.kill("one", grace);
    expect(story.states("one")).toEqual(["TASK_RUNNING", "TASK_KILLING"]);
    story.timers.advance(milliseconds - 1);
    expect(story.children[0]?.told).toEqual(["leave"]);
    story.timers.advance(1);
    expect(story.children[0]?.told).toEqual(["leave", "kill"]);
    story.children[0]?.end({ signal: "SIGKILL" });
    expect(story.states("one")).toEqual(["TASK_RUNNING", "TASK_KILLING", "TASK_KILLED"]);
  });

  test("of a process that goes in time is all there is", () => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.kill("one", 20_000);
    story.children[0]?.end({ code: 0 });
    story.timers.advance(60_000);
    expect(story.states("one")).toEqual(["TASK_RUNNING", "TASK_KILLING", "TASK_KILLED"]);
    expect(story.children[0]?.told).toEqual(["leave"]);
  });

  test("a second time changes the time that is left, and asks no second time", () => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.kill("one", 20_000);
    story.kill("one", 1000);
    expect(story.states("one")).toEqual(["TASK_RUNNING", "TASK_KILLING"]);
    story.timers.advance(1000);
    expect(story.children[0]?.told).toEqual(["leave", "kill"]);
    story.timers.advance(20_000);
    expect(story.children[0]?.told).toEqual(["leave", "kill"]);
  });

  test("without grace after one with it ends the process at once", () => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.kill("one", 20_000);
    story.kill("one", 0);
    expect(story.children[0]?.told).toEqual(["leave", "kill"]);
    story.timers.advance(60_000);
    expect(story.children[0]?.told).toEqual(["leave", "kill"]);
  });

  test("with grace after one without changes nothing", () => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.kill("one", 0);
    story.kill("one", 20_000);
    expect(story.children[0]?.told).toEqual(["kill"]);
    expect(story.states("one")).toEqual(["TASK_RUNNING"]);
  });
});

describe("SHUTDOWN", () => {
  test("has all processes end, those that do not are ended, and then there is nothing left", () => {
    const story = new SupervisorUnderTest();
    story.launch("one", "two");
    story.supervisor.receive({ type: "SHUTDOWN" });
    story.supervisor.receive({ type: "SHUTDOWN" });
    story.supervisor.end();
    expect(story.children.map(({ told }) => told)).toEqual([["finish"], ["finish"]]);
    story.children[0]?.end({ code: 0 });
    expect(story.ends).toBe(0);
    story.timers.advance(3000);
    expect(story.children.map(({ told }) => told)).toEqual([["finish"], ["finish", "kill"]]);
    story.children[1]?.end({ signal: "SIGKILL" });
    expect(story.ends).toBe(1);
    story.timers.advance(60_000);
    expect(story.ends).toBe(1);
  });

  test("of what has no process is the end", () => {
    const story = new SupervisorUnderTest();
    story.supervisor.receive({ type: "SHUTDOWN" });
    expect(story.ends).toBe(1);
  });

  test("ends processes for no lack of memory", () => {
    const story = new SupervisorUnderTest();
    story.launch("one");
    story.supervisor.end();
    story.timers.advance(3000);
    story.children[0]?.end({ signal: "SIGKILL" });
    expect(story.states("one")).toEqual(["TASK_RUNNING", "TASK_KILLED"]);
    expect(story.updates.at(-1)?.reason).toBeUndefined();
  });
});

describe("without work", () => {
  test("it ends after a while", () => {
    const story = new SupervisorUnderTest();
    story.timers.advance(9999);
    expect(story.ends).toBe(0);
    story.timers.advance(1);
    expect(story.ends).toBe(1);
  });

  test("is counted from the end of the last task", () => {
    const story = new SupervisorUnderTest();
    story.timers.advance(9000);
    story.launch("one", "two");
    story.timers.advance(60_000);
    story.children[0]?.end({ code: 0 });
    story.timers.advance(60_000);
    expect(story.ends).toBe(0);
    story.children[1]?.end({ code: 0 });
    story.timers.advance(9000);
    story.launch("three");
    story.timers.advance(60_000);
    expect(story.ends).toBe(0);
    story.children[2]?.end({ code: 0 });
    story.timers.advance(10_000);
    expect(story.ends).toBe(1);
  });
});

test("what is meant for others changes nothing", () => {
  const story = new SupervisorUnderTest();
  story.launch("one");
  story.supervisor.receive({ type: "MESSAGE", message: { data: "" } });
  story.supervisor.receive({
    type: "ACKNOWLEDGED",
    acknowledged: { task_id: { value: "one" }, uuid: Buffer.alloc(16).toString("base64") },
  });
  expect(story.updates).toHaveLength(1);
  expect(story.children[0]?.told).toEqual([]);
});
