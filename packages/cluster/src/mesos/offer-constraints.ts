import type { SchedulerAttributeConstraint, SchedulerOfferConstraints } from "@gloam/mesos";
import { hostnameAttribute, type AgentConstraint, type AttributeCondition } from "./agent-constraints.ts";

type Predicate = SchedulerAttributeConstraint["predicate"];

/** So many groups of constraints are told at most. */
const mostGroups = 256;
/** Masters refuse an application with a pattern of more than 100 instructions, as they are configured unless somebody changes it. */
const mostInstructions = 80;
/** Of a dot: any character in UTF-8. */
const instructionsOfDot = 9;

/**
 * What a master can keep back by itself, so that it offers the application less that it cannot use: conditions on text. Attributes of
 * other kinds pass such conditions there, so that what is offered is looked at again all the same. Undefined where there is nothing
 * to keep back.
 */
export function offerConstraints(
  constraints: readonly AgentConstraint[],
  roles: readonly string[],
): SchedulerOfferConstraints | undefined {
  // An agent has to meet all constraints of some group.
  let groups: readonly (readonly SchedulerAttributeConstraint[])[] = [[]];
  for (const { attribute, condition } of constraints) {
    const selector =
      attribute === hostnameAttribute ? { pseudoattribute_type: "HOSTNAME" as const } : { attribute_name: attribute };
    const choices = choicesOf(condition).map((all) => all.map((predicate) => ({ selector, predicate })));
    if (groups.length * choices.length > mostGroups) continue;
    groups = groups.flatMap((group) => choices.map((choice) => [...group, ...choice]));
  }
  if (groups.every((group) => group.length === 0)) return undefined;
  const told = { groups: groups.map((group) => ({ attribute_constraints: group })) };
  return { role_constraints: Object.fromEntries(roles.map((role) => [role, told])) };
}

/** Lists of which one has to hold as a whole. */
function choicesOf(condition: AttributeCondition): readonly (readonly Predicate[])[] {
  switch (condition.kind) {
    case "exists":
    case "between":
    case "atMost":
      return [[{ exists: {} }]];
    case "oneOf":
      return condition.values.map((value) => [{ text_equals: { value } }]);
    case "noneOf":
      return [condition.values.map((value) => ({ text_not_equals: { value } }))];
    // Masters know other patterns than JavaScript: only what both read alike is theirs.
    case "matches":
      return [isPlain(condition.pattern) ? [{ text_matches: { regex: `^(?:${condition.pattern})$` } }] : []];
    case "matchesNot":
      return [isPlain(condition.pattern) ? [{ text_not_matches: { regex: `^(?:${condition.pattern})$` } }] : []];
    default:
      return condition satisfies never;
  }
}

/** Letters, digits, dots, groups, classes and counts, and not too many: nothing that RE2 reads otherwise or not at all. */
function isPlain(pattern: string): boolean {
  const dots = pattern.split(".").length - 1;
  return (
    /^[\w\s.,:/@*+?|()[\]-]*$/.test(pattern) &&
    !pattern.includes("(?") &&
    !pattern.includes("[]") &&
    pattern.length + dots * (instructionsOfDot - 1) <= mostInstructions
  );
}
