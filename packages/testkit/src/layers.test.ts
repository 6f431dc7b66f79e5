import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

/** One row of packages/layers.json, the source of truth for what may import what. */
interface Layer {
  readonly package: string;
  readonly layer: number;
  readonly holds: string;
  readonly mayImport: readonly string[];
}

const packages = fileURLToPath(new URL("../..", import.meta.url));
const layers = readJson(join(packages, "layers.json")) as readonly Layer[];
const names = layers.map((row) => row.package);
const publishedName = (name: string): string => (name === "gloam" ? "gloam" : `@gloam/${name}`);
const shortName = (published: string): string => published.replace("@gloam/", "");

test("the table has every package once, lower layers first", () => {
  const present = readdirSync(packages).filter((name) => existsSync(join(packages, name, "package.json")));
  expect(names.toSorted()).toEqual(present.toSorted());
  expect(layers.map((row) => row.layer)).toEqual(layers.map((row) => row.layer).toSorted((a, b) => a - b));
});

test("packages import lower layers only, so that there is no cycle", () => {
  for (const row of layers) {
    for (const imported of row.mayImport) {
      const target = layers.find((other) => other.package === imported);
      expect(target?.layer, `${row.package} may import ${imported}`).toBeLessThan(row.layer);
    }
  }
});

test("the build has every package", () => {
  const root = readJson(join(packages, "..", "tsconfig.json")) as { references: readonly { path: string }[] };
  expect(root.references.map(({ path }) => path.replace("packages/", "")).toSorted()).toEqual(names.toSorted());
});

describe.each(layers)("$package", ({ package: name, mayImport }) => {
  const directory = join(packages, name);
  const manifest = readJson(join(directory, "package.json")) as {
    readonly name: string;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  const dependencies = Object.keys(manifest.dependencies ?? {})
    .filter(isOurs)
    .map(shortName);
  const sources = findSources(directory);

  test("carries its name", () => {
    expect(manifest.name).toBe(publishedName(name));
  });

  test("depends on what the table allows", () => {
    expect(dependencies.filter((dependency) => !mayImport.includes(dependency))).toEqual([]);
  });

  test("its TypeScript references are its dependencies", () => {
    const project = readJson(join(directory, "tsconfig.json")) as { references: readonly { path: string }[] };
    const references = project.references.map(({ path }) => shortName(relative(packages, resolve(directory, path))));
    expect(references.toSorted()).toEqual(dependencies.toSorted());
  });

  test("imports its dependencies and nothing else of ours", () => {
    const foreign = sources
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(isOurs)
          .map((specifier) => ({ file, specifier })),
      )
      .filter(
        ({ specifier }) =>
          !dependencies.includes(shortName(packageOf(specifier))) && packageOf(specifier) !== manifest.name,
      );
    expect(foreign).toEqual([]);
  });

  test("reaches into no other package by path", () => {
    const escaping = sources.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith("."))
        .filter((specifier) => {
          const home = isTest(file) ? directory : join(directory, "src");
          return relative(home, resolve(dirname(file), specifier)).startsWith("..");
        })
        .map((specifier) => ({ file, specifier })),
    );
    expect(escaping).toEqual([]);
  });

  test("imports through exports only", () => {
    const deep = sources.flatMap((file) =>
      importsOf(file).filter((specifier) => isOurs(specifier) && /\/(src|dist)\//.test(specifier)),
    );
    expect(deep).toEqual([]);
  });
});

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function isOurs(specifier: string): boolean {
  return specifier === "gloam" || specifier.startsWith("gloam/") || specifier.startsWith("@gloam/");
}

function packageOf(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function isTest(file: string): boolean {
  return /\.(test|test-d)\.ts$/.test(file);
}

function findSources(directory: string): string[] {
  return readdirSync(join(directory, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(directory, "src", file));
}

/** Static and dynamic imports, re-exports and `import.meta.resolve`, outside of comments. */
function importsOf(file: string): string[] {
  const code = readFileSync(file, "utf8").replaceAll(/^\s*(\/\*[^]*?\*\/|\/\/.*$)/gm, "");
  const forms =
    /(?:^|[\s;}])(?:from|import)\s*["']([^"']+)["']|\b(?:import|import\.meta\.resolve)\(\s*["']([^"']+)["']/g;
  return [...code.matchAll(forms)].map((match) => match[1] ?? match[2] ?? "");
}
