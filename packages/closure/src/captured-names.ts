import { isUserGlobal } from "./global-values.ts";
import type { InspectedFunction, LiveScope } from "./inspect-function.ts";

/** A name's live value, and the scope that binds it. */
export interface LiveName {
  readonly value: unknown;
  /** Whether the scope is the outermost one: that of the module, or of the function that a loader wraps around it. */
  readonly outermost: boolean;
  /** Read before its declaration ran. Only Node.js 22 and newer tell. */
  readonly uninitialised: boolean;
}

/**
 * Reads the names that a function's text takes from around it.
 *
 * @returns Names that some scope binds. Names of `globalThis` are missing, except those that the program put there itself.
 */
export function readNames(inspected: InspectedFunction, names: Iterable<string>): Map<string, LiveName> {
  const wanted = new Set(names);
  const found = new Map<string, LiveName>();
  if (wanted.size === 0) return found;
  const holders = new Map<string, LiveScope>();
  let last: LiveScope | undefined;
  for (const scope of inspected.scopes()) {
    for (const name of wanted) {
      if (!binds(scope, name)) continue;
      wanted.delete(name);
      holders.set(name, scope);
    }
    if (last === undefined || !isWrapper(scope)) last = scope;
    if (scope.kind === "Module") break;
  }
  for (const [name, scope] of holders) found.set(name, { ...read(scope, name), outermost: scope === last });
  for (const name of wanted) {
    if (!isUserGlobal(name)) continue;
    const value = (globalThis as unknown as Record<string, unknown>)[name];
    found.set(name, { value, outermost: false, uninitialised: false });
  }
  return found;
}

/** Whether a scope holds nothing but what a loader hands to a module: vite's and tsx's modules have their own inside that, if only what they import. */
function isWrapper({ variables }: LiveScope): boolean {
  return Reflect.ownKeys(variables).every((name) =>
    /^(exports|require|module|__filename|__dirname|__vite_ssr_(?!import_\d)\w+)$/.test(String(name)),
  );
}

/** From Node.js 22 on, V8 throws where a name is touched before its declaration ran. */
function binds({ variables }: LiveScope, name: string): boolean {
  try {
    return Object.hasOwn(variables, name);
  } catch {
    return true;
  }
}

function read({ variables }: LiveScope, name: string): { value: unknown; uninitialised: boolean } {
  try {
    return { value: (variables as Record<string, unknown>)[name], uninitialised: false };
  } catch {
    return { value: undefined, uninitialised: true };
  }
}
