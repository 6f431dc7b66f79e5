import { encodeApart } from "@gloam/arrow";
import { GloamError } from "@gloam/common";
import { GloamContext } from "../context.ts";
import { Operation } from "../operation.ts";
import { raiseFor } from "../raise-for.ts";
import { Broadcast } from "./broadcast.ts";

declare module "../context.ts" {
  interface GloamContext {
    /**
     * Hands a value to functions, once for each executor however many jobs and functions read it: see {@link Broadcast}. For what
     * is large, or read by many jobs; smaller values may as well be captured.
     *
     * @param value Plain data, as elements are: objects, arrays, `Map`, `Set`, typed arrays; no functions, no instances of classes of
     * your own. Encoded now, in memory that is kept until the broadcast is freed: typed arrays at the speed of memory, 50 to 100 ns for other values.
     * @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE`, `GLOAM_CONTEXT_STOPPED`
     *
     * @example
     * const weights = gc.broadcast(new Float64Array([0.5, 2]));
     * await gc.range(2).map((i) => weights.value[i] * 10).collect(); // [5, 20]
     * weights.destroy();
     */
    broadcast<T>(value: T): Broadcast<T>;
  }
}

GloamContext.prototype.broadcast = function <T>(value: T) {
  const operation = new Operation(this, "broadcast");
  if (this.broadcasts.isStopped) {
    throw new GloamError("GLOAM_CONTEXT_STOPPED", "the context has been stopped", {
      operation: "broadcast",
      callSite: operation.callSite,
    });
  }
  return new Broadcast<T>(
    this.broadcasts,
    value,
    raiseFor(operation, () => encodeApart(value, { name: "the value" })),
  );
};
