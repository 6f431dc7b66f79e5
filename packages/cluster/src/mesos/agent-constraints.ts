import { GloamError } from "@gloam/common";
import type { Attribute, Offer } from "@gloam/mesos";

/** The name that an agent's host stands under, beside its attributes. */
export const hostnameAttribute = "hostname";

/** What one attribute of an agent has to be. */
export type AttributeCondition =
  | { readonly kind: "exists" }
  /** Text equals one of these; a set holds one of them; a number equals one; ranges cover one. */
  | { readonly kind: "oneOf"; readonly values: readonly string[] }
  | { readonly kind: "noneOf"; readonly values: readonly string[] }
  /** Text, or a member of a set, matches as a whole. */
  | { readonly kind: "matches"; readonly pattern: string }
  | { readonly kind: "matchesNot"; readonly pattern: string }
  /** A number, or one in ranges, lies between, both included. */
  | { readonly kind: "between"; readonly least: number; readonly most: number }
  /** Agents of the same value have so many executors together at most. */
  | { readonly kind: "atMost"; readonly executors: number };

/** A condition and the attribute that it is for. All of a list have to hold. */
export interface AgentConstraint {
  readonly attribute: string;
  readonly condition: AttributeCondition;
}

const forms =
  "write name, name:value,other, name:!value, name:~pattern, name:!~pattern, name:2..8, name:>=2, name:<=8 or name:#executors, " +
  "with semicolons between";

/**
 * Reads `mesos.constraints`.
 * @throws GloamError `GLOAM_CONF_INVALID`
 */
export function parseConstraints(written: string): readonly AgentConstraint[] {
  return written
    .split(";")
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "")
    .map((clause) => {
      const colon = clause.indexOf(":");
      const attribute = (colon < 0 ? clause : clause.slice(0, colon)).trim();
      if (attribute === "") throw invalid(clause);
      const condition = colon < 0 ? ({ kind: "exists" } as const) : conditionOf(clause.slice(colon + 1).trim(), clause);
      return { attribute, condition };
    });
}

function conditionOf(text: string, clause: string): AttributeCondition {
  const numbers = /^(?:(-?[\d.]+)\.\.(-?[\d.]+)|([<>])=\s*(-?[\d.]+))$/.exec(text);
  if (numbers !== null) {
    const [, from, to, comparison, bound] = numbers;
    const least = Number(from ?? (comparison === ">" ? bound : -Infinity));
    const most = Number(to ?? (comparison === "<" ? bound : Infinity));
    if (!(least <= most)) throw invalid(clause);
    return { kind: "between", least, most };
  }
  if (text.startsWith("#")) {
    const executors = Number(text.slice(1));
    if (!Number.isInteger(executors) || executors < 1) throw invalid(clause);
    return { kind: "atMost", executors };
  }
  const isNegative = text.startsWith("!");
  const rest = isNegative ? text.slice(1).trim() : text;
  if (rest.startsWith("~")) {
    const pattern = rest.slice(1);
    try {
      wholePattern(pattern);
    } catch (cause) {
      throw invalid(clause, cause);
    }
    return { kind: isNegative ? "matchesNot" : "matches", pattern };
  }
  const values = rest
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
  // What was meant as numbers or a count would never be met as text, and without a negative form it would keep no agent back.
  if (values.length === 0 || /^[<>#]|^\.\.|\.\.$|^-?[\d.]+\.\.-?[\d.]+$/.test(rest)) throw invalid(clause);
  return { kind: isNegative ? "noneOf" : "oneOf", values };
}

function invalid(clause: string, cause?: unknown): GloamError {
  return new GloamError("GLOAM_CONF_INVALID", `'${clause}' in mesos.constraints is no constraint`, {
    hint: forms,
    cause,
  });
}

function wholePattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, "u");
}

/**
 * Whether an agent may get an executor. An attribute that is not there fails every condition but the negative ones.
 * @param executorsWhere How many executors there are on agents on which an attribute has a value.
 */
export function meetsConstraints(
  offer: Pick<Offer, "hostname" | "attributes">,
  constraints: readonly AgentConstraint[],
  executorsWhere: (attribute: string, value: string) => number,
): boolean {
  return constraints.every(({ attribute, condition }) => {
    const found = valuesOf(offer, attribute);
    switch (condition.kind) {
      case "exists":
        return found !== undefined;
      case "oneOf":
        return found !== undefined && condition.values.some((value) => includes(found, value));
      case "noneOf":
        return found === undefined || !condition.values.some((value) => includes(found, value));
      case "matches":
        return found?.texts.some((text) => wholePattern(condition.pattern).test(text)) ?? false;
      case "matchesNot":
        return !(found?.texts.some((text) => wholePattern(condition.pattern).test(text)) ?? false);
      case "between":
        return found?.ranges.some(({ begin, end }) => begin <= condition.most && end >= condition.least) ?? false;
      case "atMost":
        return found?.texts.every((text) => executorsWhere(attribute, text) < condition.executors) ?? false;
      default:
        return condition satisfies never;
    }
  });
}

/** An attribute's values, as text and as numbers. */
interface AttributeValues {
  readonly texts: readonly string[];
  readonly ranges: readonly { readonly begin: number; readonly end: number }[];
}

/** What an agent has under a name; undefined for nothing. */
export function valuesOf(
  { hostname, attributes = [] }: Pick<Offer, "hostname" | "attributes">,
  name: string,
): AttributeValues | undefined {
  const own = attributes.filter((attribute) => attribute.name === name).map(valuesIn);
  if (own.length === 0) return name === hostnameAttribute ? { texts: [hostname], ranges: [] } : undefined;
  return { texts: own.flatMap(({ texts }) => texts), ranges: own.flatMap(({ ranges }) => ranges) };
}

function valuesIn({ text, scalar, set, ranges }: Attribute): AttributeValues {
  if (scalar !== undefined)
    return { texts: [String(scalar.value)], ranges: [{ begin: scalar.value, end: scalar.value }] };
  if (ranges !== undefined) {
    const range = ranges.range ?? [];
    return { texts: range.map(({ begin, end }) => `${begin}-${end}`), ranges: range };
  }
  return { texts: set?.item ?? (text === undefined ? [] : [text.value]), ranges: [] };
}

function includes({ texts, ranges }: AttributeValues, value: string): boolean {
  if (texts.includes(value)) return true;
  const number = Number(value);
  return ranges.some(({ begin, end }) => begin <= number && number <= end);
}
