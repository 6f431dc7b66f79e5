import { checkMessage } from "@gloam/mesos";
import { expect, test } from "vitest";
import { parseConstraints } from "./agent-constraints.ts";
import { offerConstraints } from "./offer-constraints.ts";

/** What a master is told of these constraints, for each role. */
function told(written: string, roles: readonly string[] = ["*"]) {
  const constraints = offerConstraints(parseConstraints(written), roles);
  if (constraints !== undefined)
    checkMessage("SchedulerOfferConstraints", structuredClone(constraints), { strict: true });
  return constraints?.role_constraints;
}

const rack = { attribute_name: "rack" };

test.each([
  ["rack", { exists: {} }],
  ["rack:2..8", { exists: {} }],
  ["rack:#3", { exists: {} }],
  ["rack:a.b", { text_equals: { value: "a.b" } }],
  ["rack:!a", { text_not_equals: { value: "a" } }],
  ["rack:~eu-.*|us", { text_matches: { regex: "^(?:eu-.*|us)$" } }],
  ["rack:!~[a-c]+", { text_not_matches: { regex: "^(?:[a-c]+)$" } }],
])("%s", (written, predicate) => {
  expect(told(written)).toEqual({
    "*": { groups: [{ attribute_constraints: [{ selector: rack, predicate }] }] },
  });
});

test("one of several values is a group for each, none of several all in one", () => {
  const zone = { attribute_name: "zone" };
  const not = ["x", "y"].map((value) => ({ selector: zone, predicate: { text_not_equals: { value } } }));
  expect(told("rack:a,b;zone:!x,y")?.["*"]?.groups).toEqual(
    ["a", "b"].map((value) => ({
      attribute_constraints: [{ selector: rack, predicate: { text_equals: { value } } }, ...not],
    })),
  );
});

test("the name of a host is no attribute", () => {
  expect(told("hostname:h-1")?.["*"]?.groups?.[0]?.attribute_constraints).toEqual([
    { selector: { pseudoattribute_type: "HOSTNAME" }, predicate: { text_equals: { value: "h-1" } } },
  ]);
});

test("each role is told the same", () => {
  expect(Object.keys(told("rack", ["a", "b"]) ?? {})).toEqual(["a", "b"]);
});

test("conditions that make too many groups are left out", () => {
  const values = Array.from({ length: 200 }, (_, index) => `v${index}`).join(",");
  const groups = told(`rack:${values};zone:a,b;ssd`)?.["*"]?.groups;
  expect(groups).toHaveLength(200);
  expect(groups?.[199]?.attribute_constraints).toEqual([
    { selector: rack, predicate: { text_equals: { value: "v199" } } },
    { selector: { attribute_name: "ssd" }, predicate: { exists: {} } },
  ]);
});

test.each([
  "",
  "rack:~(?=a)b",
  String.raw`rack:~\d+`,
  "rack:~[^a]",
  "rack:~a{2}",
  "rack:~[]",
  "rack:~ü",
  `rack:~${".".repeat(9)}`,
])("of '%s' nothing is told: masters may read it otherwise, or refuse it", (written) => {
  expect(told(written)).toBeUndefined();
});
