import { decodeValue } from "@gloam/arrow";
import type { RowKernel } from "../kernel.ts";
import { keysEqual } from "../keys/keys-equal.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { pairCheck } from "../pair-code.ts";

/** The values of the pairs that have an encoded key. */
export function valuesOfKeyNode(origin: NodeOrigin, parent: PlanNode, key: Uint8Array): PlanNode {
  return oneToOneNode(origin, parent, planKernel("valuesOfKeyKernel", [], key));
}

/** Kernel of `valuesOfKeyNode`; data is the encoded key. */
export const valuesOfKeyKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const wanted = decodeValue(context.data as Uint8Array);
    const key = code.local();
    code.line(`const ${key} = ${code.value}[0];`);
    code.line(pairCheck(code, key));
    const isPlain = (typeof wanted !== "object" || wanted === null) && wanted === wanted;
    if (isPlain) code.line(`if (${key} !== ${code.constant(wanted)}) continue;`);
    else code.line(`if (!${code.constant(keysEqual)}(${key}, ${code.constant(wanted)})) continue;`);
    code.output(`${code.value}[1]`);
  },
};
