import { types } from "node:util";
import { remake, type Reason } from "./refusal.ts";

/** Why a live object of the language or of Node.js cannot travel; undefined when nothing speaks against it. */
export function refusalOfLive(value: object): Reason | undefined {
  if (types.isProxy(value)) return { what: "is a Proxy", mend: "capture the plain object behind it" };
  if (types.isPromise(value))
    return { what: "is a Promise", mend: "await it before the operation and capture its value" };
  if (types.isWeakMap(value) || types.isWeakSet(value) || value instanceof WeakRef) {
    return {
      what: `is a ${kindName(value)}`,
      mend: remake("make"),
    };
  }
  if (types.isSharedArrayBuffer(value)) {
    return {
      what: "is a SharedArrayBuffer, and executors do not share memory",
      mend: "capture a copy in a plain ArrayBuffer",
    };
  }
  if (types.isGeneratorObject(value)) return { what: "is a running generator", mend: "capture an array of its values" };
  if (types.isMapIterator(value) || types.isSetIterator(value)) {
    return { what: "is an iterator", mend: "capture an array of its values" };
  }
  if (types.isArgumentsObject(value))
    return { what: "is an arguments object", mend: "use a rest parameter: (...values)" };
  if (types.isModuleNamespaceObject(value)) {
    return {
      what: "is a module's namespace",
      mend: "import the module with an import declaration, or inside the function",
    };
  }
  if (types.isExternal(value)) return { what: "is a native handle", mend: remake("make") };
  return undefined;
}

function kindName(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
