import { configurationTable } from "@gloam/common";
import { GloamContext } from "gloam";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const packages = new URL("../../", import.meta.url).pathname;

test("every configuration key is read by somebody", () => {
  const sources = readdirSync(packages, { recursive: true, encoding: "utf8" })
    .filter((path) => /^[a-z]+\/src\/.*(?<!\.test|\.test-d)\.ts$/.test(path) && !path.includes("configuration-table"))
    .map((path) => readFileSync(join(packages, path), "utf8"))
    .join("\n");
  const unread = Object.keys(configurationTable).filter((key) => !sources.includes(`"${key}"`));
  expect(unread).toEqual([]);
});

test("reader.maxPartitionBytes bounds what one partition reads", async () => {
  const directory = mkdtempSync(join(tmpdir(), "gloam-test-"));
  try {
    const path = join(directory, "lines.txt");
    writeFileSync(path, "a line of text\n".repeat(1000));
    await using gc = new GloamContext({ master: "local[1]", conf: { "reader.maxPartitionBytes": 1500 } });
    const partitions = gc.textFile(path).glom();
    expect(await partitions.count()).toBe(10);
    expect(await partitions.map((lines) => lines.length).sum()).toBe(1000);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
