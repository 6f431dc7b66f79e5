import type { GloamEvent } from "@gloam/common";
import { expect, test } from "vitest";
import { Listeners } from "./listeners.ts";

const event: GloamEvent = { type: "stageCompleted", time: 1, stage: 2, attempt: 0, succeeded: true };

function listeners() {
  const warnings: string[] = [];
  const any: boolean[] = [];
  const all = new Listeners({ warn: (message) => warnings.push(message) }, (listens) => any.push(listens));
  return { all, warnings, any };
}

test("the first and the last are told of", () => {
  const { all, any } = listeners();
  const [one, two] = [() => undefined, () => undefined];
  all.add(one);
  all.add(one);
  all.add(two);
  all.remove(one);
  expect(any).toEqual([true]);
  all.remove(two);
  all.remove(two);
  expect(any).toEqual([true, false]);
});

test("one that throws is warned of once, and the others hear all", async () => {
  const { all, warnings } = listeners();
  const heard: GloamEvent[] = [];
  all.add(() => {
    throw new Error("no");
  });
  // oxlint-disable-next-line typescript/no-misused-promises -- what JavaScript lets pass
  all.add(async () => {
    await Promise.resolve();
    throw new Error("later");
  });
  all.add((each) => heard.push(each));
  all.tell(event);
  all.tell(event);
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([event, event]);
  expect(warnings).toHaveLength(2);
});
