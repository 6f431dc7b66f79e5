import { describeCallSite } from "@gloam/common";
import { countOf, type NodeId, type PlanNode } from "@gloam/plan";

/** What is said of a node beside what it knows itself. */
export interface LineageLabels {
  readonly nameOf: (node: NodeId) => string | undefined;
  /** How its partitions are kept; undefined where they are not. */
  readonly levelOf: (node: NodeId) => string | undefined;
}

/** A node that is to be written, and where. */
interface Line {
  readonly node: PlanNode;
  /** What stands in front of it. */
  readonly lead: string;
  /** What stands in front of the nodes that it comes from. */
  readonly prefix: string;
}

/**
 * A lineage as lines of text, like Spark's `toDebugString`. Each node is followed up once, where it is met first. Walks with a
 * stack of its own: any depth will do.
 */
export function lineageText(final: PlanNode, labels: LineageLabels): string {
  const lines: string[] = [];
  const seen = new Set<NodeId>();
  const count = countText(final);
  const pending: Line[] = [{ node: final, lead: `${count} `, prefix: bar(count) }];
  for (let line = pending.pop(); line !== undefined; line = pending.pop()) {
    const { node, lead, prefix } = line;
    const again = seen.has(node.id) && node.dependencies.length > 0;
    lines.push(`${lead}${describe(node, labels)}${again ? " ..." : ""}`);
    if (again) continue;
    seen.add(node.id);
    const above = node.dependencies.map(({ kind, parent }, index): Line => {
      if (kind === "narrow") return { node: parent, lead: prefix, prefix };
      const isLast = index === node.dependencies.length - 1;
      const behind = prefix.replace(/\| *$/, "");
      const partitions = countText(parent);
      return {
        node: parent,
        lead: `${behind}+-${partitions} `,
        prefix: `${behind}${isLast ? "  " : "| "}${bar(partitions)}`,
      };
    });
    pending.push(...above.toReversed());
  }
  return lines.join("\n");
}

function countText(node: PlanNode): string {
  const count = countOf(node);
  return `(${count.known ? count.value() : "?"})`;
}

/** A bar below the middle of a count. */
function bar(count: string): string {
  const left = Math.floor((count.length - 1) / 2);
  return `${" ".repeat(left)}|${" ".repeat(count.length - left)}`;
}

function describe({ id, operation, callSite }: PlanNode, { nameOf, levelOf }: LineageLabels): string {
  const name = nameOf(id);
  const at = callSite === undefined ? "" : ` at ${describeCallSite(callSite)}`;
  return `${name === undefined ? "" : `${name} `}${operation}[${id}]${at} [${levelOf(id) ?? ""}]`;
}
