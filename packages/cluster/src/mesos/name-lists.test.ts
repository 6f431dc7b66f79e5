import { expect, test } from "vitest";
import { items, namedValues } from "./name-lists.ts";

test.each([
  ["", []],
  [" , ", []],
  ["a", ["a"]],
  [" a b , c,", ["a b", "c"]],
])("items of '%s'", (written, expected) => {
  expect(items(written)).toEqual(expected);
});

test("names and values", () => {
  expect(namedValues("mesos.labels", " team : data ,empty:,url:http://a", ":")).toEqual([
    ["team", "data"],
    ["empty", ""],
    ["url", "http://a"],
  ]);
  expect(namedValues("mesos.environment", "A=1=2", "=")).toEqual([["A", "1=2"]]);
  expect(namedValues("mesos.environment", "", "=")).toEqual([]);
});

test.each(["hunter2", "=hunter2", "A=1,hunter2", " = hunter2"])("'%s' is refused and not shown", (written) => {
  expect(() => namedValues("mesos.environment", written, "=")).toThrow(
    expect.objectContaining({
      code: "GLOAM_CONF_INVALID",
      message: "GLOAM_CONF_INVALID: mesos.environment has a part without '='",
      hint: "write name=value, with commas between",
    }),
  );
});
