import { join, parse } from "node:path";
import { GloamError, isGloamError, type CallSite } from "@gloam/common";
import { locate } from "./file-location.ts";
import type { FileSystem } from "./file-system.ts";
import { isGlob, isHidden, parseGlob, type GlobStep } from "./glob-pattern.ts";

/** A file to read. */
export interface InputFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Finds the files that paths mean: a file, the files directly in a directory, or what a pattern matches (see
 * `parseGlob`). A path that exists as it is written is never a pattern. Files come in the order of `paths`, for each path
 * sorted by code units. Throws GLOAM_INPUT_NOT_FOUND for a path that means nothing.
 */
export async function findFiles(paths: readonly string[], callSite?: CallSite): Promise<InputFile[]> {
  const files: InputFile[] = [];
  for (const path of paths) files.push(...(await findPath(path, callSite)));
  return files;
}

async function findPath(pathOrUrl: string, callSite: CallSite | undefined): Promise<InputFile[]> {
  const { system, path } = locate(pathOrUrl, callSite);
  try {
    const status = await system.status(path);
    if (status?.kind === "file") return [{ path, bytes: status.bytes }];
    if (status?.kind === "directory") return await withSizes(system, await filesIn(system, path));
    const matched = isGlob(path) ? await expand(system, path) : [];
    if (matched.length === 0) throw await notFound(system, pathOrUrl, path, callSite);
    return await withSizes(system, matched);
  } catch (error) {
    if (isGloamError(error)) throw error;
    throw new GloamError("GLOAM_INPUT_UNREADABLE", `cannot list ${pathOrUrl}: ${String(error)}`, {
      cause: error,
      callSite,
    });
  }
}

/** Sorts paths, drops those named twice, and asks for sizes: for many at once, but not for all. */
async function withSizes(system: FileSystem, paths: readonly string[]): Promise<InputFile[]> {
  const sorted = [...new Set(paths)].sort();
  const files: InputFile[] = [];
  for (let start = 0; start < sorted.length; start += 256) {
    const group = sorted.slice(start, start + 256);
    const statuses = await Promise.all(group.map((path) => system.status(path)));
    for (const [index, status] of statuses.entries()) {
      if (status?.kind === "file") files.push({ path: group[index]!, bytes: status.bytes });
    }
  }
  return files;
}

async function filesIn(system: FileSystem, directory: string): Promise<string[]> {
  const entries = await system.list(directory);
  return entries
    .filter(({ name, kind }) => kind === "file" && !isHidden(name))
    .map(({ name }) => join(directory, name));
}

async function expand(system: FileSystem, path: string): Promise<string[]> {
  const { root } = parse(path);
  const alternatives = parseGlob(path.slice(root.length));
  return (await Promise.all(alternatives.map((steps) => walk(system, root, steps)))).flat();
}

/** The files that the steps match below a directory. */
async function walk(system: FileSystem, directory: string, steps: readonly GlobStep[]): Promise<string[]> {
  const [step, ...rest] = steps;
  if (step === undefined) return filesIn(system, directory);
  if (step.kind === "name") {
    const next = join(directory, step.name);
    const status = await system.status(next);
    if (status?.kind === "directory") return walk(system, next, rest);
    return status?.kind === "file" && rest.length === 0 ? [next] : [];
  }
  // Of several `**` in a row one is enough.
  if (step.kind === "anyDepth" && rest[0]?.kind === "anyDepth") return walk(system, directory, rest);
  const found = step.kind === "anyDepth" ? [walk(system, directory, rest)] : [];
  const files: string[] = [];
  for (const { name, kind, link } of await system.list(directory)) {
    const next = join(directory, name);
    if (step.kind === "anyDepth") {
      // Links are not followed here: they may lead in circles.
      if (kind === "directory" && !link && !isHidden(name)) found.push(walk(system, next, steps));
    } else if (step.matches(name)) {
      if (kind === "directory") found.push(walk(system, next, rest));
      else if (rest.length === 0) files.push(next);
    }
  }
  return [...files, ...(await Promise.all(found)).flat()];
}

async function notFound(system: FileSystem, given: string, path: string, callSite?: CallSite): Promise<GloamError> {
  let parent = path;
  do parent = parse(parent).dir;
  while (parent !== parse(parent).root && (isGlob(parent) || (await system.status(parent)) === undefined));
  const meant = given === path ? given : `${given} (${path})`;
  const what = isGlob(path) ? "matches no file" : "does not exist";
  const parts = given.split(",");
  const areSeveral = parts.length > 1 && (await Promise.all(parts.map(exists))).every(Boolean);
  return new GloamError("GLOAM_INPUT_NOT_FOUND", `${meant} ${what}`, {
    hint: areSeveral
      ? `several paths are an array: ${JSON.stringify(parts)}`
      : `check the path; the nearest directory that exists is ${parent}`,
    callSite,
  });
}

async function exists(pathOrUrl: string): Promise<boolean> {
  try {
    return pathOrUrl !== "" && (await findPath(pathOrUrl, undefined)).length > 0;
  } catch {
    // Only asked for the sake of another error's hint.
    return false;
  }
}
