import type { SchedulerAttributeConstraint, SchedulerOfferConstraints } from "@gloam/mesos";
import { hostnameAttribute, type AgentConstraint, type AttributeCondition } from "./agent-constraints.ts";

/**
 * What a master can keep back by itself, so that it offers the application less that it cannot use: conditions on text. Attributes of
 * other kinds pass such conditions there, so that what is offered is looked at again all the same. Undefined where there is nothing
 * to keep back.
 */
export function offerConstraints(
  constraints: readonly AgentConstraint[],
  roles: readonly string[],
): SchedulerOfferConstraints | undefined {
  const known = constraints.flatMap(({ attribute, condition }) => {
    const predicate = predicateOf(condition);
    const selector =
      attribute === hostnameAttribute ? { pseudoattribute_type: "HOSTNAME" as const } : { attribute_name: attribute };
    return predicate === undefined ? [] : [{ selector, predicate }];
  });
  if (known.length === 0) return undefined;
  const groups = [{ attribute_constraints: known }];
  return { role_constraints: Object.fromEntries(roles.map((role) => [role, { groups }])) };
}

function predicateOf(condition: AttributeCondition): SchedulerAttributeConstraint["predicate"] | undefined {
  switch (condition.kind) {
    case "exists":
    case "between":
    case "atMost":
      return { exists: {} };
    case "oneOf": {
      const [first, ...others] = condition.values;
      if (first !== undefined && others.length === 0) return { text_equals: { value: first } };
      return { text_matches: { regex: `^(?:${condition.values.map(escaped).join("|")})$` } };
    }
    case "noneOf":
      return { text_not_matches: { regex: `^(?:${condition.values.map(escaped).join("|")})$` } };
    // Masters know other patterns than JavaScript: only what both read alike is theirs.
    case "matches":
      return isPlain(condition.pattern) ? { text_matches: { regex: `^(?:${condition.pattern})$` } } : undefined;
    case "matchesNot":
      return isPlain(condition.pattern) ? { text_not_matches: { regex: `^(?:${condition.pattern})$` } } : undefined;
    default:
      return condition satisfies never;
  }
}

function escaped(value: string): string {
  return value.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}

/** Letters, digits, dots, groups, classes and counts: nothing that RE2 reads otherwise or not at all. */
function isPlain(pattern: string): boolean {
  return /^[\w\s.,:/@*+?|()[\]-]*$/.test(pattern) && !pattern.includes("(?");
}
