import * as v from "valibot";
import { isFileName, isPackageName, mostModuleBytes } from "../module-limits.ts";
import { text } from "./shapes.ts";

/**
 * Where a module lies among the others: it becomes the name of a file, so that nothing else can be. Or a file that the user added, in
 * a directory of its own.
 */
const modulePath = v.pipe(v.string(), v.check(isModulePath));

function isModulePath(path: string): boolean {
  if (/^[0-9a-f]{16}\/[0-9a-f]{32}\.(?:mjs|cjs|json)$/.test(path)) return true;
  const [, name] = /^files\/[0-9a-f]{64}\/(.+)$/s.exec(path) ?? [];
  return name !== undefined && isFileName(name);
}

/** A module of the user's program. */
export const userModule = {
  path: modulePath,
  /** SHA-256 of the source. */
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  source: v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length <= mostModuleBytes,
    "no source, or one that is too long",
  ),
  /** Directory on the driver that its packages are looked for from. */
  home: text,
  packages: v.array(v.pipe(v.string(), v.check(isPackageName))),
};

/** What the functions of a stage import: where modules lie that they know by a URL. */
export const stageModules = v.object({
  names: v.array(v.object({ url: text, path: modulePath })),
  /** Whether sources name their lines by source maps. */
  isMapped: v.boolean(),
});
export type StageModulesMessage = v.InferOutput<typeof stageModules>;
