import { GloamContext, Rdd } from "gloam";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { apiFamilies, type ApiOwner } from "../api/api-names.ts";

const classes: Readonly<Partial<Record<ApiOwner, object>>> = {
  GloamContext: GloamContext.prototype,
  Rdd: Rdd.prototype,
};

/** Names of the API as `Rdd.map`. */
export const apiNames: readonly string[] = apiFamilies.flatMap(({ owner, names }) =>
  names.map((name) => `${owner}.${name}`),
);

/** Which names of the API the generators of this folder have called since, not counting what the API calls itself. */
export interface CalledNames extends Disposable {
  readonly names: ReadonlySet<string>;
}

/**
 * Looks at each call of a method, and each use of a property, until it is disposed. What is called on executors is not seen, nor
 * can all properties be replaced: functions that `gloam` exports, and those properties, count where they stand in the generators' text.
 */
export function recordCalls(): CalledNames {
  const names = new Set<string>();
  const restored: (() => void)[] = [];
  for (const name of apiNames) {
    const [owner, member] = name.split(".") as [ApiOwner, string];
    const of = classes[owner];
    const declared = of && Object.getOwnPropertyDescriptor(of, member);
    if (of === undefined || declared?.configurable !== true) {
      if (new RegExp(`\\b${member}\\b`).test(textOfGenerators())) names.add(name);
      continue;
    }
    const record = (): void => {
      if (isCalledByGenerator()) names.add(name);
    };
    Object.defineProperty(of, member, recording(declared, record));
    restored.push(() => Object.defineProperty(of, member, declared));
  }
  return {
    names,
    [Symbol.dispose]() {
      for (const restore of restored) restore();
    },
  };
}

function recording(declared: PropertyDescriptor, record: () => void): PropertyDescriptor {
  const kind = declared.get === undefined ? "value" : "get";
  const method = declared[kind] as (...given: unknown[]) => unknown;
  const recorded = function (this: unknown, ...given: unknown[]): unknown {
    record();
    return method.apply(this, given);
  };
  return { ...declared, [kind]: recorded };
}

/** Whether the caller of the method that records lies in this folder; this file has the first lines of the stack. */
function isCalledByGenerator(): boolean {
  const caller = new Error().stack?.split("\n").slice(1).find((line) => !line.includes("called-names")); // prettier-ignore
  return caller?.includes("/pipelines/") === true;
}

function textOfGenerators(): string {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const files = readdirSync(folder).filter((file) => /-(operations|actions)\.ts$/.test(file));
  return files.map((file) => readFileSync(join(folder, file), "utf8")).join("\n");
}
