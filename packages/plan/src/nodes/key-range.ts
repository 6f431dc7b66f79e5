import { decodeValue, encodeValue } from "@gloam/arrow";
import type { CapturedFunction } from "@gloam/closure";
import type { RowKernel } from "../kernel.ts";
import { compareKeys } from "../keys/compare-keys.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { pairCheck } from "../pair-code.ts";

/** Keeps the pairs with keys from `lower` to `upper`, both included, in the order of keys or the user's. Keeps the partitioner. */
export function keyRangeNode(
  origin: NodeOrigin,
  parent: PlanNode,
  lower: unknown,
  upper: unknown,
  compare?: CapturedFunction,
): PlanNode {
  const functions = compare === undefined ? [] : [compare];
  const bounds = encodeValue([lower, upper], { name: "a bound", isHolder: true });
  return oneToOneNode(origin, parent, planKernel("keyRangeKernel", functions, bounds), {
    partitioner: parent.partitioner,
  });
}

/** Kernel of `keyRangeNode`; data is the encoded bounds. */
export const keyRangeKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const [lower, upper] = decodeValue(context.data as Uint8Array) as [unknown, unknown];
    const key = code.local();
    const [low, high] = [code.constant(lower), code.constant(upper)];
    const compare = context.functions.length > 0 ? code.userFunction(0) : code.constant(compareKeys);
    const outside = `${compare}(${key}, ${low}) < 0 || ${compare}(${key}, ${high}) > 0`;
    code.line(`const ${key} = ${code.value}[0];`);
    code.line(pairCheck(code, key));
    const kind = typeof lower;
    const isPlain = (kind === "number" || kind === "string") && kind === typeof upper && upper === upper;
    if (context.functions.length > 0 || !isPlain || lower !== lower) code.line(`if (${outside}) continue;`);
    else
      code.line(`if (typeof ${key} === "${kind}" ? !(${key} >= ${low} && ${key} <= ${high}) : ${outside}) continue;`);
    code.output(code.value);
  },
};
