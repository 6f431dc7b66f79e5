import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The user's own files: not what is installed, which runs as its package says. */
export function isUserFile(url: string): boolean {
  return url.startsWith("file:") && !url.includes("/node_modules/");
}

/** Whether a file's name says TypeScript, `.tsx` included. */
export function isTypeScript(url: string): boolean {
  return /\.(?:[cm]?ts|tsx)$/.test(withoutQuery(url));
}

/** Whether a file's name says JavaScript. */
export function isJavaScript(url: string): boolean {
  return /\.(?:[cm]?js|jsx)$/.test(withoutQuery(url));
}

/**
 * Whether one of the user's files is an ES module whatever the nearest package.json says: the script that is run, and
 * TypeScript that imports or exports. Undefined leaves it to Node. A folder without package.json, or one from
 * `npm init`, says CommonJS, and would refuse the script's top-level `await`.
 */
export function isModule(url: string, entry: string | undefined): boolean | undefined {
  if (!isUserFile(url) || /\.c[jt]s$/.test(withoutQuery(url))) return undefined;
  if (withoutQuery(url) === entry) return true;
  return isTypeScript(url) && hasModuleSyntax(readSource(url)) ? true : undefined;
}

/** Whether lines begin with import or export, or `import.meta` is used. Generous: a template may hold such a line. */
export function hasModuleSyntax(source: string): boolean {
  return /^[ \t]*(?:import|export)\b|\bimport\.meta\b/m.test(source);
}

/** Text of the file behind a URL. */
export function readSource(url: string): string {
  return readFileSync(fileURLToPath(url), "utf8");
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, "");
}
