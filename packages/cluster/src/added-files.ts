import { addedFileUrl, type AddedFile } from "@gloam/plan";
import type { StageModules } from "@gloam/scheduler";

const nothing: StageModules = { names: [], modules: [], isMapped: false };

/** What executors get with a stage, with added files beside modules of the user's: they travel in the same way. */
export function withAddedFiles(
  modules: StageModules | undefined,
  files: readonly AddedFile[] = [],
): StageModules | undefined {
  if (files.length === 0) return modules;
  const { names, modules: gathered, isMapped } = modules ?? nothing;
  const added = files.map(({ name, hash, content }) => ({
    url: addedFileUrl(name),
    ...{ path: `files/${hash}/${name}`, hash, source: content, home: "", packages: [] },
  }));
  return {
    names: [...names, ...added.map(({ url, path }) => ({ url, path }))],
    modules: [...gathered, ...added.map(({ url: _url, ...module }) => module)],
    isMapped,
  };
}
