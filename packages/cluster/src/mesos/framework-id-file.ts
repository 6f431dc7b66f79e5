import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Keeps a framework's id while it lives, so that the next driver can take over what one that died has left. */
export class FrameworkIdFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The id of a framework that was left; undefined where there is none. */
  read(): string | undefined {
    try {
      return readFileSync(this.#path, "utf8").trim() || undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces it as a whole: one that dies here leaves the one from before. */
  write(id: string): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, `${id}\n`);
    renameSync(`${this.#path}.new`, this.#path);
  }

  /** The framework is no more. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
