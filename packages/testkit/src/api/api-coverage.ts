import { join } from "node:path";
import * as gloam from "gloam";
import { allFamilies } from "./all-families.ts";
import type { ApiFamily, ApiOwner } from "./api-names.ts";
import { readApi } from "./read-api.ts";
import { namesInTypeTests, namesOnEveryMaster } from "./used-names.ts";

/** What there is of a name of the API. */
export interface ApiCoverage {
  readonly family: ApiFamily;
  readonly name: string;
  /** It is a member of its class, or exported. */
  readonly exists: boolean;
  /** A test of types uses it. */
  readonly hasTypeTest: boolean;
  /** A test that runs on threads and on processes uses it. */
  readonly hasTestOnEveryMaster: boolean;
  /** Its doc comment has an example, which another test runs. */
  readonly hasExample: boolean;
}

/**
 * Compares the list of names, and every other method of `Rdd`, with the sources in this repository.
 *
 * @param packages Path of the folder with the packages.
 */
export function apiCoverage(packages: string): ApiCoverage[] {
  const sources = (name: string): string => join(packages, name, "src");
  const entries = readApi(sources("core")).concat(readApi(sources("closure")));
  const typed = namesInTypeTests([sources("core"), sources("testkit")]);
  const tested = namesOnEveryMaster(sources("testkit"));
  const operations = entries.filter(({ owner, kind }) => owner === "Rdd" && kind === "method");
  return allFamilies(operations).flatMap((family) =>
    family.names.map((name) => {
      const owner = family.owner === "gloam" ? undefined : family.owner;
      const declared = entries.filter((entry) => entry.name === name && entry.owner === owner);
      return {
        family,
        name,
        exists: exists(family.owner, name),
        hasTypeTest: typed.has(name),
        hasTestOnEveryMaster: tested.has(name),
        hasExample: declared.some(({ doc }) => doc?.examples.some((example) => example.includes(name))),
      };
    }),
  );
}

function exists(owner: ApiOwner, name: string): boolean {
  switch (owner) {
    case "gloam":
      return name in gloam;
    case "GloamContext":
      return name in gloam.GloamContext.prototype;
    case "Rdd":
      return name in gloam.Rdd.prototype;
  }
}
