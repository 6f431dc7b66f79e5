import { GloamError, type GloamEvent, type Logger, type Timers } from "@gloam/common";
import { mkdirSync, openSync } from "node:fs";
import { close, rename, write } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** Characters that wait, and milliseconds that they do, until they are written. */
const mostWaiting = 64 * 1024;
const interval = 1000;

const [closeFile, writeFile, renameFile] = [promisify(close), promisify(write), promisify(rename)];

/** What an event log is made of. */
export interface EventLogOptions {
  readonly directory: string;
  /** Begins the file's name. */
  readonly applicationId: string;
  readonly timers: Timers;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * Writes events to a file, a line of JSON for each: `ID.jsonl.inprogress`, which loses `.inprogress` when it is closed, so that one that
 * has it belongs to an application that runs, or that was killed. Bigints are written as texts. Lines are written by batches, one
 * write at a time; where that fails, it is warned of once and nothing more is written.
 */
export class EventLog {
  readonly #options: EventLogOptions;
  readonly #path: string;
  #file: number | undefined;
  #waiting = "";
  #cancelTimer: (() => void) | undefined;
  #written: Promise<void> = Promise.resolve();

  /** @throws GloamError `GLOAM_CONF_INVALID` where the file cannot be made */
  constructor(options: EventLogOptions) {
    this.#options = options;
    const { directory, applicationId } = options;
    this.#path = join(directory, `${applicationId}.jsonl`);
    try {
      mkdirSync(directory, { recursive: true });
      this.#file = openSync(`${this.#path}.inprogress`, "wx");
    } catch (cause) {
      throw new GloamError(
        "GLOAM_CONF_INVALID",
        `eventLog.dir: nothing can be written to ${directory}: ${String(cause)}`,
        {
          hint: "name a directory that can be made and written",
          cause,
        },
      );
    }
  }

  add(event: GloamEvent): void {
    if (this.#file === undefined) return;
    this.#waiting += `${JSON.stringify(event, bigintsAsTexts)}\n`;
    if (this.#waiting.length >= mostWaiting) this.#flush();
    else this.#cancelTimer ??= this.#options.timers.after(interval, () => this.#flush());
  }

  /** Writes what waits, and gives the file its name. Never rejects. */
  async close(): Promise<void> {
    this.#flush();
    await this.#written;
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    try {
      await closeFile(file);
      await renameFile(`${this.#path}.inprogress`, this.#path);
    } catch (error) {
      this.#warn(error);
    }
  }

  #flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const lines = this.#waiting;
    this.#waiting = "";
    if (lines !== "") this.#written = this.#written.then(() => this.#write(Buffer.from(lines)));
  }

  async #write(lines: Buffer): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    try {
      for (let done = 0; done < lines.length;) done += (await writeFile(file, lines, done)).bytesWritten;
    } catch (error) {
      this.#file = undefined;
      this.#warn(error);
      await closeFile(file).catch((failure: unknown) => this.#warn(failure));
    }
  }

  #warn(error: unknown): void {
    this.#options.logger.warn(`the event log ${this.#path} is incomplete`, error);
  }
}

function bigintsAsTexts(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
