import { threadInspector } from "./inspector.ts";

interface ThrownReply {
  readonly exceptionDetails?: {
    readonly stackTrace?: { readonly callFrames: readonly { readonly scriptId: string; readonly url: string }[] };
  };
}

/**
 * URLs by V8's ids of the scripts whose functions are on the stack, of the 200 innermost: from the trace that the inspector keeps of an
 * exception while its `Runtime` domain is on. 1 ms the first time, 0.2 ms after that.
 */
export function urlsOnStack(): ReadonlyMap<string, string> {
  threadInspector.post("Runtime.enable");
  try {
    // Silent, so that no debugger stops at it.
    const reply: ThrownReply = threadInspector.post("Runtime.evaluate", {
      expression: "throw new Error()",
      silent: true,
    });
    const frames = reply.exceptionDetails?.stackTrace?.callFrames ?? [];
    return new Map(frames.map(({ scriptId, url }) => [scriptId, url]));
  } finally {
    threadInspector.post("Runtime.disable");
  }
}
