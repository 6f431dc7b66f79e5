import type { Channel, FromExecutor, ToExecutor } from "@gloam/protocol";
import type { MapOutput, PreparedTask } from "@gloam/scheduler";
import { expect, test } from "vitest";
import { RemoteExecutor } from "./remote-executor.ts";

test("an output is told once, another attempt's instead of it, and all of them anew after the shuffle was forgotten", () => {
  const { executor, told } = knownExecutor();
  executor.launch(reducer([output(0, 10), output(1, 11)]), () => undefined);
  executor.launch(reducer([output(0, 10), output(1, 11)]), () => undefined);
  executor.launch(reducer([output(0, 12), output(1, 11)]), () => undefined);
  expect(told()).toEqual([["mapOutputs", 10, 11], ["mapOutputs", 12]]); // prettier-ignore
  executor.forgetShuffle(7);
  executor.forgetShuffle(7);
  executor.launch(reducer([output(0, 12), output(1, 11)]), () => undefined);
  expect(told().slice(2)).toEqual([["forgetShuffles"], ["mapOutputs", 12, 11]]);
});

test("a shuffle without outputs is told and forgotten like any other", () => {
  const { executor, told } = knownExecutor();
  executor.launch(reducer([]), () => undefined);
  executor.launch(reducer([]), () => undefined);
  executor.forgetShuffle(7);
  expect(told()).toEqual([["mapOutputs"], ["forgetShuffles"]]);
});

test("outputs whose indexes are long are told in several messages, each once and in order", () => {
  const { executor, told } = knownExecutor();
  const outputs = [10, 11, 12, 13, 14].map((task, partition) => output(partition, task, 3 * 2 ** 20));
  executor.launch(reducer(outputs), () => undefined);
  executor.launch(reducer(outputs), () => undefined);
  expect(told()).toEqual([["mapOutputs", 10, 11], ["mapOutputs", 12, 13], ["mapOutputs", 14]]); // prettier-ignore
});

test("one output is told in a message of its own, however long its index is", () => {
  const { executor, told } = knownExecutor();
  executor.launch(reducer([output(0, 10, 9 * 2 ** 20), output(1, 11)]), () => undefined);
  expect(told()).toEqual([["mapOutputs", 10], ["mapOutputs", 11]]); // prettier-ignore
});

function output(partition: number, task: number, indexBytes = 0): MapOutput {
  const handle = { executor: "b", store: 0, output: task, index: new Uint8Array(indexBytes) };
  return { partition, task, executor: "b", handle, sizes: new Float64Array() };
}

function reducer(outputs: readonly MapOutput[]): PreparedTask {
  return {
    launch: {
      task: 1,
      stage: 1,
      stageKind: { kind: "result", job: 1 },
      node: 1,
      partition: 0,
      attempt: 0,
      executor: "a",
      slot: 0,
      shuffles: [7],
      cached: [],
    },
    code: { bytes: new Uint8Array(), payloads: () => [] },
    shuffles: [{ shuffle: 7, outputs }],
  };
}

/** What an executor is told of shuffles: types of messages, and the tasks whose outputs they name. */
function knownExecutor(): { executor: RemoteExecutor; told: () => readonly (readonly [string, ...number[]])[] } {
  const sent: ToExecutor[] = [];
  const channel: Channel<ToExecutor, FromExecutor> = {
    observe: () => undefined,
    send: (message) => sent.push(message),
    close: () => undefined,
    terminate: () => undefined,
  };
  const executor = new RemoteExecutor("a", {
    ...{ channel, slots: 1, now: 0 },
    address: { executor: "a", host: "h", port: 1 },
  });
  const told = (): readonly (readonly [string, ...number[]])[] =>
    sent.flatMap((message): readonly (readonly [string, ...number[]])[] => {
      if (message.type === "mapOutputs") return [[message.type, ...message.outputs.map(({ task }) => task)]];
      return message.type === "forgetShuffles" ? [[message.type]] : [];
    });
  return { executor, told };
}
