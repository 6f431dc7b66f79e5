// node packages/bundle.mjs: after `tsc -b`, which checks and writes declarations, makes the JavaScript of each package whose
// sources have changed: one file for each entry of its `exports`, and one for what entries share; entries that end in `.cjs` hold the
// packages that they import.
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL(".", import.meta.url));
const script = fileURLToPath(import.meta.url);

/** For what holds code of other packages; where each part is from stands before it. */
const notice = `/*! Holds code of the packages that the comments name, as their licences allow:
 * apache-arrow (The Apache Software Foundation, Apache-2.0) and flatbuffers (Google, Apache-2.0). */`;

/** A package's directory and the files that its `exports` name, relative to it. */
function readPackage(directory) {
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const files = Object.values(manifest.exports).flatMap((entry) => entry.default ?? []);
  return { directory, files };
}

/** Whether something was compiled, or the bundling itself changed, since a package was bundled. */
function isStale({ directory, files }) {
  const inputs = [script, join(directory, "package.json"), join(directory, "dist", ".tsbuildinfo")];
  const changed = Math.max(...inputs.map(modified));
  return files.some((file) => modified(join(directory, file)) <= changed);
}

/** When a file was last written; never, if it is not there. */
function modified(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** What all builds have in common. */
const common = {
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20.19",
  // The sources are published. No `minify` and no `keepNames`: functions are sent to executors as their text.
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  logLevel: "warning",
};

async function bundle({ build }, { directory, files }) {
  const [modules, whole] = [".js", ".cjs"].map((ending) => files.filter((file) => file.endsWith(ending)));
  const built = await Promise.all([
    build({
      ...common,
      absWorkingDir: directory,
      entryPoints: modules.map(sourceOf),
      // Beside the entries: modules find the package's other files from where they are.
      chunkNames: "shared-[hash]",
      splitting: true,
      // Other packages stay imports, so that there is one copy of a class, whoever imports it.
      packages: "external",
      format: "esm",
    }),
    build({
      ...common,
      absWorkingDir: directory,
      entryPoints: whole.map(sourceOf),
      // With the packages that they name, and to be loaded without waiting.
      format: "cjs",
      // ES modules where a package has them: what nobody uses of them is left out.
      mainFields: ["module", "main"],
      outExtension: { ".js": ".cjs" },
      banner: { js: notice },
    }),
  ]);
  const outputs = built.flatMap(({ metafile }) => Object.keys(metafile.outputs));
  removeOthers(join(directory, "dist"), new Set(outputs.map((file) => join(directory, file))));
}

function sourceOf(file) {
  return file.replace("dist", "src").replace(/\.c?js$/, ".ts");
}

/** What an earlier build left behind would be published. */
function removeOthers(dist, outputs) {
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = join(dist, name);
    if (/\.c?js(?:\.map)?$/.test(file) && !outputs.has(file)) rmSync(file);
  }
}

const stale = readdirSync(packages, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && modified(join(packages, entry.name, "package.json")) > 0)
  .map((entry) => readPackage(join(packages, entry.name)))
  .filter(isStale);
if (stale.length > 0) {
  const esbuild = await import("esbuild");
  await Promise.all(stale.map((each) => bundle(esbuild, each)));
  process.stdout.write(`bundled ${stale.map(({ directory }) => relative(packages, directory)).join(", ")}\n`);
}
