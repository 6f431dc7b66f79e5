import { describeFile } from "@gloam/common";
import { fileUrl } from "./main-program.ts";
import type { Script } from "./script.ts";

/**
 * Where a name is declared that a function sees, as `src/etl.ts:5`; undefined when the script does not say.
 *
 * @param offset Where the function begins in the script.
 */
export function declaredAt(script: Script, name: string, offset: number): string | undefined {
  const visible = script.bindings.declarationsOf(name).filter(({ begin, end }) => begin <= offset && offset < end);
  // The innermost declaration is the one with the narrowest range.
  const [nearest] = visible.sort((left, right) => left.end - left.begin - (right.end - right.begin));
  if (nearest === undefined) return undefined;
  const { line, column } = script.positionOf(nearest.offset);
  const original = script.map?.original(line, column);
  return `${describeFile(original?.file ?? fileUrl(script.url))}:${(original?.line ?? line) + 1}`;
}
