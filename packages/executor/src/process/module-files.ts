import { GloamError } from "@gloam/common";
import type { SentModule, StageModulesMessage } from "@gloam/protocol";
import { ScratchDirectory } from "@gloam/storage";
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ImportedModules } from "../task-messages.ts";
import { installedPackage } from "./installed-package.ts";

/** A module as it was sent. */
type KeptModule = Readonly<Omit<SentModule, "type" | "packages">> & { readonly packages: readonly string[] };

/** Which modules a stage needs. */
interface KeptNames {
  readonly names: readonly Readonly<StageModulesMessage["names"][number]>[];
  readonly isMapped: boolean;
}

/**
 * Modules of the user's program as files of this executor, for its threads to import: those that are there, and those that take the
 * place of one that is lost. Each has a directory for each of the user's, where the packages are linked that its modules name.
 */
export class ModuleFiles {
  readonly #scratch: ScratchDirectory;
  readonly #directory: string;
  readonly #paths = new Set<string>();
  /** Links to packages that were made, or that there is nothing to link to. */
  readonly #links = new Set<string>();

  /** @param scratchPath The executor's directory for temporary files; it is made with the first module. */
  constructor(scratchPath: string) {
    this.#scratch = new ScratchDirectory({ path: scratchPath, prefix: "modules" });
    this.#directory = join(scratchPath, "modules");
  }

  /** Whether what is meant for that path is there. */
  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /**
   * Keeps a module, or a file that the user added.
   * @throws GloamError `GLOAM_FRAME_INVALID` where its source is another one than it should be; `GLOAM_SCRATCH_UNUSABLE`
   */
  add({ path, hash, source, home, packages }: KeptModule): void {
    if (createHash("sha256").update(source).digest("hex") !== hash) {
      throw new GloamError("GLOAM_FRAME_INVALID", `the source of the module ${path} is not the one that was meant`);
    }
    const file = join(this.#directory, path);
    this.#scratch.guard(file, () => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, source, { mode: 0o600 });
      for (const name of packages) this.#link(name, dirname(file), home);
    });
    this.#paths.add(path);
  }

  /**
   * What the threads have to know to import a stage's modules.
   * @throws GloamError `GLOAM_FRAME_INVALID` where a module is not there.
   */
  importedBy({ names, isMapped }: KeptNames): ImportedModules {
    const files = new Map<string, string>();
    for (const { url, path } of names) {
      if (!this.#paths.has(path)) throw new GloamError("GLOAM_FRAME_INVALID", `the module ${path} was not sent`);
      files.set(url, pathToFileURL(join(this.#directory, path)).href);
    }
    return { files, isMapped };
  }

  /** Node.js takes a package for what it links to, so that there is one copy of it, whoever imports it. */
  #link(name: string, directory: string, home: string): void {
    const link = join(directory, "node_modules", name);
    if (this.#links.has(link)) return;
    this.#links.add(link);
    const target = installedPackage(name, home);
    if (target === undefined) return;
    mkdirSync(dirname(link), { recursive: true, mode: 0o700 });
    symlinkSync(target, link, "junction");
  }
}
