import { configurationTable } from "@gloam/common";
import { readFileSync } from "node:fs";
import { GloamContext, Rdd } from "gloam";
import { expect, test } from "vitest";

const guide = readFileSync(new URL("../../docs/guide.md", import.meta.url), "utf8");
const notOperations = new Set(["constructor", "context", "node"]);

test.each([
  ["Rdd", Rdd.prototype],
  ["GloamContext", GloamContext.prototype],
])("the guide names every method of %s", (_name, prototype) => {
  const methods = Object.getOwnPropertyNames(prototype).filter((name) => !notOperations.has(name));
  expect(methods.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

test("the page on Mesos names every key that is for Mesos alone", () => {
  const page = readFileSync(new URL("../../docs/mesos.md", import.meta.url), "utf8");
  const keys = Object.keys(configurationTable).filter((key) => key.startsWith("mesos."));
  expect(keys.length).toBeGreaterThan(20);
  expect(keys.filter((key) => !page.includes(`\`${key}`))).toEqual([]);
});
