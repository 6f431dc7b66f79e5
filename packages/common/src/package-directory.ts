import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

const answers = new Map<string, boolean>();

/** Also where the package itself is not there any more, as behind the source map of a bundle. */
const installed = /[\\/]node_modules[\\/](?:@gloam[\\/][^\\/]+|gloam)[\\/](?!.*[\\/]node_modules[\\/])/;

/**
 * Whether a file belongs to Gloam's own published packages: it is installed as one of them, or the nearest package.json above
 * it is named `gloam` or `@gloam/...`. Tests of our packages and private ones (examples, test support) count as user code.
 * Answers are kept by directory.
 *
 * @param path A path, or a URL of a source map such as `webpack://app/src/etl.ts`.
 */
export function isGloamFile(path: string): boolean {
  if (installed.test(path)) return true;
  return isAbsolute(path) && !/\.(test|bench)\.[cm]?[jt]sx?$/.test(path) && isGloamDirectory(dirname(path));
}

function isGloamDirectory(directory: string): boolean {
  const known = answers.get(directory);
  if (known !== undefined) return known;
  const parent = dirname(directory);
  const answer = isGloamPackage(join(directory, "package.json")) ?? (parent !== directory && isGloamDirectory(parent));
  answers.set(directory, answer);
  return answer;
}

/** Undefined when there is no package.json, or one without a name, as those that only set a module type. */
function isGloamPackage(path: string): boolean | undefined {
  let contents: string;
  try {
    contents = readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    const { name, private: isPrivate } = JSON.parse(contents) as {
      readonly name?: unknown;
      readonly private?: unknown;
    };
    if (typeof name !== "string") return undefined;
    return (name === "gloam" || name.startsWith("@gloam/")) && isPrivate !== true;
  } catch {
    return false;
  }
}
