import { compileModule, describeFile, GloamError, stripTypes, usesUsing } from "@gloam/common";
import { modulePartsOf, type ModulePart } from "@gloam/closure";
import * as nodeModule from "node:module";
import { dirname } from "node:path";
import { withOwnSourceMap } from "./own-source-map.ts";
import { packageScopeOf } from "./package-manifest.ts";
import { typeScriptSettingsOf } from "./typescript-settings.ts";

/** A user's module as JavaScript. */
export interface CompiledModule {
  readonly text: string;
  readonly format: "module" | "commonjs" | "json";
  /** Whether lines are other ones than in the user's file, and the text ends with a source map. */
  readonly mapped: boolean;
  readonly parts: readonly ModulePart[];
}

type Strip = (source: string) => string;

/** From Node 22.13 on. Not in the types of the oldest Node that is supported. */
const strip = (nodeModule as { readonly stripTypeScriptTypes?: Strip }).stripTypeScriptTypes;
const major = Number.parseInt(process.versions.node, 10);

/**
 * Makes of a user's file what executors run: JavaScript of any kind as it is, TypeScript without its types. Types are replaced by
 * spaces where this Node can do that; else, and for syntax that is more than types (enums, decorators, JSX), by esbuild.
 *
 * @throws GloamError `GLOAM_MODULE_NOT_LOADED` with file and line for what is no JavaScript or TypeScript.
 */
export function compileUserModule(path: string, source: string): CompiledModule {
  const text = source.replace(/^\uFEFF/, "");
  if (path.endsWith(".json")) return { text: checkedJson(path, text), format: "json", mapped: false, parts: [] };
  const format = formatOf(path, text);
  const bare = needsCompiler(path, text)
    ? undefined
    : /\.[cm]?ts$/.test(path)
      ? strip && stripTypes(text, strip)
      : text;
  if (bare !== undefined) {
    try {
      const parts = modulePartsOf(bare, format);
      // The map stands behind the code, so that the parts are where they were.
      const mapped = process.sourceMapsEnabled ? withOwnSourceMap(bare, path) : undefined;
      return { text: mapped ?? bare, format, mapped: mapped !== undefined, parts };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // The compiler may know what the parser does not, and says better what is wrong.
    }
  }
  const compiled = compile(path, text, format);
  return { text: compiled, format, mapped: true, parts: modulePartsOf(compiled, format) };
}

function needsCompiler(path: string, text: string): boolean {
  if (/\.[jt]sx$/.test(path)) return true;
  return major < 24 && usesUsing(text);
}

/** How Node.js, tsx and vite agree that a file is run. */
function formatOf(path: string, text: string): "module" | "commonjs" {
  if (/\.m[jt]s$/.test(path)) return "module";
  if (/\.c[jt]s$/.test(path)) return "commonjs";
  const type = packageScopeOf(dirname(path))?.manifest.type;
  if (type === "module") return "module";
  const isTypeScript = /\.tsx?$/.test(path);
  if (type === "commonjs" && !isTypeScript) return "commonjs";
  if (!hasModuleSyntax(text) || /^[ \t]*(?:export\s*=|import\s+[\w$]+\s*=\s*require)/m.test(text)) return "commonjs";
  // Where package.json says nothing, tsx makes CommonJS of TypeScript with imports, and some rely on it.
  const usesCommonJs = /(?<![.\w$])(?:require\s*\(|module\.exports|exports\.)/.test(text);
  return isTypeScript && usesCommonJs && !/\bimport\.meta\b|^await\b|createRequire/m.test(text) ? "commonjs" : "module";
}

/** Whether lines begin with import or export, or `import.meta` is used. Generous: a template may hold such a line. */
function hasModuleSyntax(text: string): boolean {
  return /^[ \t]*(?:import|export)\b(?!\s*\()|\bimport\.meta\b/m.test(text);
}

function compile(path: string, text: string, format: "module" | "commonjs"): string {
  const require = nodeModule.createRequire(import.meta.url);
  const tsx = require.resolve("tsx");
  try {
    return compileModule(text, path, tsx, {
      ...(format === "commonjs" && { format: "cjs" }),
      platform: "node",
      logLevel: "silent",
      tsconfigRaw: { compilerOptions: compilerOptionsOf(dirname(path)) },
    });
  } catch (cause) {
    throw notCompiled(path, cause);
  }
}

/** What of a tsconfig.json changes what code does. */
const meaningfulOptions = [
  ...["experimentalDecorators", "useDefineForClassFields", "verbatimModuleSyntax", "alwaysStrict", "target"],
  ...["jsx", "jsxFactory", "jsxFragmentFactory", "jsxImportSource", "importsNotUsedAsValues", "preserveValueImports"],
];

function compilerOptionsOf(directory: string): Record<string, unknown> {
  const options = typeScriptSettingsOf(directory)?.compilerOptions ?? {};
  return Object.fromEntries(meaningfulOptions.flatMap((name) => (name in options ? [[name, options[name]]] : [])));
}

function notCompiled(path: string, cause: unknown): GloamError {
  const [first] = (cause as { readonly errors?: readonly EsbuildMessage[] }).errors ?? [];
  const place = first?.location ? `:${first.location.line}:${first.location.column + 1}` : "";
  const detail = first?.text ?? (cause instanceof Error ? cause.message : String(cause));
  return new GloamError("GLOAM_MODULE_NOT_LOADED", `${describeFile(path)}${place}: ${detail}`, {
    cause,
    hint: "mend the file: it is a module that functions of an RDD use",
  });
}

interface EsbuildMessage {
  readonly text: string;
  readonly location?: { readonly line: number; readonly column: number } | null;
}

function checkedJson(path: string, text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (cause) {
    throw notCompiled(path, cause);
  }
}
