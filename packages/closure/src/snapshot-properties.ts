import { types } from "node:util";
import { ownKeys } from "./own-keys.ts";
import { wellKnownName } from "./encode-graph.ts";
import { Refusal, type Step } from "./refusal.ts";
import type { Snapshot } from "./snapshot.ts";
import { isPlainPrimitive, type Property, type Slot } from "./value-graph.ts";

/**
 * Own properties of an object: data by value, accessors as the functions behind them. Flags other than `enumerable` are not kept.
 *
 * @param skip Properties that the object has by its kind.
 */
export function snapshotProperties(
  snapshot: Snapshot,
  value: object,
  step: Step | undefined,
  skip: (key: string | symbol, descriptor: PropertyDescriptor) => boolean,
): Property[] {
  const properties: Property[] = [];
  const take = (item: unknown, key: string | symbol): Slot =>
    snapshot.slot(item, { from: step, kind: "property", name: String(key) });
  for (const key of ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined || skip(key, descriptor)) continue;
    const enumerable = descriptor.enumerable === true;
    if (typeof key === "symbol" && Symbol.keyFor(key) === undefined && wellKnownName(key) === undefined) {
      if (!enumerable) continue;
      throw new Refusal(step, {
        what: `has a property whose key is the symbol ${String(key)}`,
        mend: "use Symbol.for(...), or a string, as the key",
      });
    }
    const isAccessor = "get" in descriptor || "set" in descriptor;
    // Newer versions of V8 show the stack of an error as an accessor of their own.
    if (!isAccessor || (key === "stack" && types.isNativeError(value))) {
      const item: unknown = (value as Record<string | symbol, unknown>)[key];
      properties.push({ key, enumerable, value: isPlainPrimitive(item) ? item : take(item, key) });
    } else {
      const accessor = {
        get: take(Reflect.get(descriptor, "get"), key),
        set: take(Reflect.get(descriptor, "set"), key),
      };
      properties.push({ key, enumerable, value: undefined, accessor });
    }
  }
  return properties;
}
