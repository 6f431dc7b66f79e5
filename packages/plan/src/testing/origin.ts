import type { NodeOrigin } from "../operation-node.ts";

/** An origin for nodes of a test: identities count from 1. */
export function testOrigin(): NodeOrigin {
  let nodes = 0;
  let shuffles = 0;
  return {
    operation: "test",
    callSite: undefined,
    ids: { nextNode: () => ++nodes, nextShuffle: () => ++shuffles },
  };
}
