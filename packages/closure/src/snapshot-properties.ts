import { types } from "node:util";
import { wellKnownName } from "./encode-graph.ts";
import { Refusal, type Step } from "./refusal.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Property } from "./value-graph.ts";

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
  for (const key of Reflect.ownKeys(value)) {
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
    const inner: Step = { from: step, kind: "property", name: String(key) };
    const isAccessor = descriptor.get !== undefined || descriptor.set !== undefined;
    // Newer versions of V8 show the stack of an error as an accessor of their own.
    if (!isAccessor || (key === "stack" && types.isNativeError(value))) {
      properties.push({
        key,
        enumerable,
        value: snapshot.slot((value as Record<string | symbol, unknown>)[key], inner),
      });
    } else {
      const accessor = { get: snapshot.slot(descriptor.get, inner), set: snapshot.slot(descriptor.set, inner) };
      properties.push({ key, enumerable, value: undefined, accessor });
    }
  }
  return properties;
}
