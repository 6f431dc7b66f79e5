import type { Attribute } from "@gloam/mesos";
import { describe, expect, test } from "vitest";
import { meetsConstraints, parseConstraints, valuesOf } from "./agent-constraints.ts";
import { textAttribute } from "./testing/offers.ts";

const infinity = Infinity;

describe("written constraints", () => {
  test.each([
    ["ssd", { kind: "exists" }],
    ["rack:a", { kind: "oneOf", values: ["a"] }],
    ["rack: a , b,", { kind: "oneOf", values: ["a", "b"] }],
    ["rack:10.0.0.1", { kind: "oneOf", values: ["10.0.0.1"] }],
    ["rack:a:b", { kind: "oneOf", values: ["a:b"] }],
    ["rack:!a,b", { kind: "noneOf", values: ["a", "b"] }],
    ["rack:! a", { kind: "noneOf", values: ["a"] }],
    ["zone:~eu-(west|east),?", { kind: "matches", pattern: "eu-(west|east),?" }],
    ["zone:~..", { kind: "matches", pattern: ".." }],
    ["zone:~<.*", { kind: "matches", pattern: "<.*" }],
    ["zone:!~eu-..", { kind: "matchesNot", pattern: "eu-.." }],
    ["zone:!~eu-.*", { kind: "matchesNot", pattern: "eu-.*" }],
    ["cores:4..64", { kind: "between", least: 4, most: 64 }],
    ["level:-2.5..-1", { kind: "between", least: -2.5, most: -1 }],
    ["cores:>=4", { kind: "between", least: 4, most: infinity }],
    ["cores:<= 8", { kind: "between", least: -infinity, most: 8 }],
    ["hostname:#2", { kind: "atMost", executors: 2 }],
  ])("%s", (written, condition) => {
    const [attribute] = written.split(":");
    expect(parseConstraints(written)).toEqual([{ attribute, condition }]);
  });

  test("several, with spaces and nothing between", () => {
    expect(parseConstraints(" ssd ;; rack:a ; ").map(({ attribute }) => attribute)).toEqual(["ssd", "rack"]);
    expect(parseConstraints(" ")).toEqual([]);
  });

  test.each([
    ":a",
    "rack:",
    "rack:,",
    "rack:!",
    "rack:~(",
    "rack:!~[b-a]",
    "cores:8..4",
    "cores:1.2.3..4",
    "cores:>=.",
    "hostname:#",
    "hostname:#0",
    "hostname:#1.5",
    "hostname:#two",
    "cores:<4",
    "cores:..8",
    "cores:2..",
    "cores:!>4",
    "cores:!2..8",
    "cores:!>=2",
    "hostname:!#2",
  ])("%s is none", (written) => {
    expect(() => parseConstraints(`ssd;${written}`)).toThrow(
      expect.objectContaining({
        code: "GLOAM_CONF_INVALID",
        message: expect.stringContaining(`'${written}' in mesos.constraints is no constraint`) as string,
        hint: expect.stringContaining("name:~pattern") as string,
      }),
    );
  });
});

const attributes: readonly Attribute[] = [
  textAttribute("rack", "a"),
  textAttribute("zone", "eu-west"),
  { name: "cores", type: "SCALAR", scalar: { value: 8 } },
  { name: "disks", type: "SET", set: { item: ["ssd", "hdd"] } },
  { name: "ports", type: "RANGES", ranges: { range: [{ begin: 10, end: 20 }, { begin: 30, end: 30 }] } }, // prettier-ignore
];
const agent = { hostname: "host-1.example", attributes };

describe("an agent", () => {
  test.each([
    ["rack", true],
    ["other", false],
    ["hostname", true],
    ["rack:a,b", true],
    ["rack:b", false],
    ["rack:A", false],
    ["other:a", false],
    ["cores:8", true],
    ["cores:8.0", true],
    ["cores:9", false],
    ["disks:ssd", true],
    ["disks:tape", false],
    ["ports:15", true],
    ["ports:25", false],
    ["hostname:host-1.example", true],
    ["hostname:host-1", false],
    ["rack:!b", true],
    ["rack:!a,b", false],
    ["other:!a", true],
    ["ports:!15", false],
    ["disks:!ssd", false],
    ["zone:~eu-.*", true],
    ["zone:~eu", false],
    ["disks:~s+d", true],
    ["other:~.*", false],
    ["cores:~\\d", true],
    ["zone:!~eu-.*", false],
    ["zone:!~us-.*", true],
    ["other:!~.*", true],
    ["cores:8..16", true],
    ["cores:9..16", false],
    ["cores:>=8", true],
    ["cores:<=7", false],
    ["ports:18..25", true],
    ["ports:21..29", false],
    ["rack:1..2", false],
    ["other:>=0", false],
    ["rack:a;cores:>=4;disks:hdd", true],
    ["rack:a;cores:>=9;disks:hdd", false],
    ["", true],
  ])("%s: %s", (written, meets) => {
    expect(meetsConstraints(agent, parseConstraints(written), () => 0)).toBe(meets);
  });

  test.each([
    ["hostname:#2", true],
    ["rack:#1", false],
    ["rack:#2", true],
    ["disks:#3", false],
    ["disks:#4", true],
    ["other:#9", false],
  ])("that has executors may get one more under %s: %s", (written, meets) => {
    const executors: Readonly<Record<string, number>> = { "hostname host-1.example": 1, "rack a": 1, "disks hdd": 3 };
    const where = (attribute: string, value: string): number => executors[`${attribute} ${value}`] ?? 0;
    expect(meetsConstraints(agent, parseConstraints(written), where)).toBe(meets);
  });

  test("without attributes has a host", () => {
    const bare = { hostname: "host-2" };
    expect(meetsConstraints(bare, parseConstraints("hostname:host-2"), () => 0)).toBe(true);
    expect(meetsConstraints(bare, parseConstraints("rack"), () => 0)).toBe(false);
  });

  test("with an attribute of that name has it rather than its host, and several of a name together", () => {
    const named = { hostname: "h", attributes: [textAttribute("hostname", "x"), textAttribute("hostname", "y")] };
    expect(valuesOf(named, "hostname")).toEqual({ texts: ["x", "y"], ranges: [] });
  });
});
