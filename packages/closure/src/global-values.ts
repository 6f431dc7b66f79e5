import { builtinModules, createRequire } from "node:module";

/** Names that every Node.js has and that may be enumerable on `globalThis`. */
const enumerableGlobals = new Set(
  (
    "global globalThis process Buffer performance crypto navigator fetch queueMicrotask structuredClone atob btoa " +
    "setImmediate clearImmediate setInterval clearInterval setTimeout clearTimeout localStorage sessionStorage Storage " +
    "WebSocket EventSource CustomEvent CloseEvent"
  ).split(" "),
);

let paths: WeakMap<object, readonly string[]> | undefined;

/** The way from `globalThis` to a built-in value: `["Math", "max"]`; undefined when there is none. */
export function globalPathOf(value: object): readonly string[] | undefined {
  return (paths ??= findPaths()).get(value);
}

/** Whether a global was added by the program and not by Node.js. */
export function isUserGlobal(name: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  return descriptor?.enumerable === true && "value" in descriptor && !enumerableGlobals.has(name);
}

function findPaths(): WeakMap<object, readonly string[]> {
  const found = new WeakMap<object, readonly string[]>();
  const visit = (holder: object, way: readonly string[]): void => {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (way.length === 0 && isUserGlobal(name)) continue;
      const value = builtInValue(holder, name, way.length === 0);
      if ((typeof value !== "object" && typeof value !== "function") || value === null || found.has(value)) continue;
      // Data inside `process` and the like is not the same everywhere: it travels by value.
      if (typeof value === "object" && way.length > 0 && name !== "prototype") continue;
      const path = [...way, name];
      found.set(value, path);
      if (path.length < 3) visit(value, path);
    }
  };
  found.set(globalThis, []);
  visit(globalThis, []);
  return found;
}

/** Getters stay untouched, but for globals that are cheap to read: others load a part of Node.js. */
function builtInValue(holder: object, name: string, isGlobal: boolean): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name);
  if (descriptor?.get === undefined) return descriptor?.value;
  const cheap = isGlobal && ["process", "Buffer", "crypto", "performance"].includes(name);
  return cheap ? (holder as Record<string, unknown>)[name] : undefined;
}

const builtins = new Map<string, WeakMap<object, string>>();

/** Modules whose classes and functions programs hold on to, searched for what lives in Node.js's internal scripts. */
const wellKnownModules = (
  "fs stream events net http https url timers child_process worker_threads crypto path util buffer os zlib perf_hooks assert " +
  "readline tls dgram fs/promises timers/promises stream/promises stream/web string_decoder querystring async_hooks vm v8 util/types"
).split(" ");

/**
 * The module and exported name of a value of Node.js itself; undefined when no common module exports it.
 *
 * @param url Script that it comes from, such as `node:net` or `node:internal/url`; undefined for native functions.
 */
export function builtinExportOf(value: object, url: string | undefined): { module: string; name: string } | undefined {
  const own = url?.replace(/^node:/, "");
  const candidates = own !== undefined && builtinModules.includes(own) ? [own, ...wellKnownModules] : wellKnownModules;
  for (const module of candidates) {
    const name = exportsOf(module).get(value);
    if (name !== undefined) return { module: `node:${module}`, name };
  }
  return undefined;
}

function exportsOf(module: string): WeakMap<object, string> {
  let found = builtins.get(module);
  if (found === undefined) {
    found = new WeakMap();
    const exported = createRequire(`${process.cwd()}/`)(`node:${module}`) as object;
    found.set(exported, "default");
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(exported))) {
      const value: unknown = descriptor.value;
      if ((typeof value === "function" || typeof value === "object") && value !== null && !found.has(value)) {
        found.set(value, name);
      }
    }
    builtins.set(module, found);
  }
  return found;
}
