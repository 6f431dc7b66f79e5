import { GloamError } from "@gloam/common";
import { StagePayloads, type NarrowMapping, type NodeId, type StageMember } from "@gloam/plan";
import type { GraphNode, StageCode, UserModule } from "@gloam/scheduler";
import type { StagePlan } from "./job-plan.ts";

/** A node as far as finding payloads takes it. */
interface PicturedNode extends StageMember<PicturedNode> {
  readonly dependencies: readonly PicturedDependency[];
}

type PicturedDependency =
  | { readonly kind: "narrow"; readonly parent: PicturedNode; readonly mapping: NarrowMapping }
  | { readonly kind: "shuffle" };

/** A stage as the scheduling thread keeps it. */
export class ReceivedStage {
  readonly nodes: readonly GraphNode[];
  /** The node whose partitions the stage computes. */
  readonly final: GraphNode;
  readonly code: StageCode;

  constructor(
    { bytes, nodes, withPayloads, modules }: StagePlan,
    payloadOf: (node: NodeId, partition: number) => unknown,
    moduleAt: (path: string) => UserModule,
  ) {
    const final = nodes.at(-1);
    if (final === undefined) throw new GloamError("GLOAM_INTERNAL", "a stage without nodes");
    this.nodes = nodes;
    this.final = final;
    let payloads: StagePayloads<PicturedNode> | undefined;
    this.code = {
      bytes,
      ...(modules && { modules: { ...modules, modules: modules.paths.map(moduleAt) } }),
      payloads: (partition) => {
        if (withPayloads.length === 0) return [];
        payloads ??= new StagePayloads(picture(nodes, new Set(withPayloads), payloadOf));
        return payloads.of(partition);
      },
    };
  }
}

/** The last of the nodes, with its ancestors in the stage. */
function picture(
  nodes: readonly GraphNode[],
  withPayloads: ReadonlySet<NodeId>,
  payloadOf: (node: NodeId, partition: number) => unknown,
): PicturedNode {
  const pictured = new Map<NodeId, PicturedNode>();
  let last: PicturedNode | undefined;
  for (const { id, dependencies } of nodes) {
    last = {
      id,
      dependencies: dependencies.map((dependency): PicturedDependency => {
        if (dependency.kind === "shuffle") return { kind: "shuffle" };
        // Ancestors come first.
        return { kind: "narrow", parent: pictured.get(dependency.parent) as PicturedNode, mapping: dependency.mapping };
      }),
      ...(withPayloads.has(id) ? { payload: (partition: number) => payloadOf(id, partition) } : {}),
    };
    pictured.set(id, last);
  }
  return last as PicturedNode;
}
