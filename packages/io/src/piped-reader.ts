import type { Buffer } from "node:buffer";
import { systemTimers, type Timers } from "@gloam/common";
import { rowsOfBatch, type Batch, type BatchReader } from "@gloam/plan";
import { ChildCommand, type PipeCommand } from "./child-command.ts";
import { decodeLines } from "./decode-lines.ts";

/** Characters that are written to the command at once. */
const groupLength = 64 * 1024;
/** Milliseconds between two looks at whether the task was cancelled, while nothing comes: well below what a cancelled task may take. */
const lookInterval = 50;

/** What feeds a command, besides the input. */
export interface Feeding {
  /** Writes lines before the first element. */
  readonly context: ((print: (line: string) => void) => unknown) | undefined;
  /** Writes the lines of an element. */
  readonly element: ((element: unknown, print: (line: string) => void) => unknown) | undefined;
  /** Throws when the task is cancelled. */
  readonly checkCancelled: () => void;
  readonly timers?: Timers;
}

/**
 * Feeds a command the elements of a reader as lines, and gives the lines that it writes. Both ways are limited: the input is asked for
 * more when the command has taken what it was given, and the command stops where its lines are not read. A process cannot be
 * waited for in a blocking way while it is fed, so that this is an asynchronous reader: it works in `ready`.
 */
export class PipedReader implements BatchReader {
  readonly #input: BatchReader;
  readonly #command: ChildCommand;
  readonly #feeding: Feeding;
  readonly #timers: Timers;
  #begun = false;
  #inputEnded = false;
  #batch: Batch | undefined;
  #rows: ArrayLike<unknown> = [];
  #at = 0;
  #text = "";
  readonly #print = (line: unknown): void => {
    this.#text += `${String(line)}\n`;
  };

  constructor(input: BatchReader, command: PipeCommand, feeding: Feeding) {
    this.#input = input;
    this.#feeding = feeding;
    this.#timers = feeding.timers ?? systemTimers;
    this.#command = new ChildCommand(command);
  }

  ready(): Promise<void> | undefined {
    return this.#command.hasOutput || this.#command.hasEnded ? undefined : this.#advance();
  }

  next(): Batch | undefined {
    const lines: Buffer | undefined = this.#command.takeLines();
    if (lines !== undefined) {
      const rows = decodeLines(lines, 0, lines.length);
      return { length: rows.length, rows };
    }
    this.#command.throwFailure();
    return undefined;
  }

  close(): void {
    try {
      this.#command.end();
    } finally {
      this.#input.close?.();
    }
  }

  /** Feeds the command until it has written a line or ended. */
  async #advance(): Promise<void> {
    const command = this.#command;
    while (!command.hasOutput && !command.hasEnded) {
      this.#feeding.checkCancelled();
      // It takes nothing more where it has read enough, as `head` does.
      if (command.takesInput && !this.#inputEnded) await this.#feed();
      else await this.#waitForCommand();
    }
  }

  /** Writes until the command has enough for now, or the input's batch ends; lets it be heard in between. */
  async #feed(): Promise<void> {
    const { context } = this.#feeding;
    if (!this.#begun) {
      this.#begun = true;
      context?.(this.#print);
    }
    if (this.#batch === undefined) {
      await this.#input.ready?.();
      this.#batch = this.#input.next();
      if (this.#batch === undefined) {
        this.#inputEnded = true;
        this.#write();
        this.#command.endInput();
        return;
      }
      this.#rows = rowsOfBatch(this.#batch);
      this.#at = 0;
    }
    this.#writeRows(this.#batch.length);
    await new Promise((resolve) => setImmediate(resolve));
  }

  #writeRows(length: number): void {
    const { element } = this.#feeding;
    while (this.#at < length) {
      this.#at = element === undefined ? this.#printTexts(length) : this.#printRows(length, element);
      if (this.#text.length >= groupLength && !this.#write()) return;
    }
    this.#batch = undefined;
  }

  /** Adds lines until there are enough to write; gives the place of the next row. */
  #printTexts(length: number): number {
    const rows = this.#rows;
    let text = this.#text;
    let at = this.#at;
    while (at < length && text.length < groupLength) text += String(rows[at++]) + "\n";
    this.#text = text;
    return at;
  }

  #printRows(length: number, element: NonNullable<Feeding["element"]>): number {
    let at = this.#at;
    while (at < length && this.#text.length < groupLength) element(this.#rows[at++], this.#print);
    return at;
  }

  /** Whether the command takes more at once. */
  #write(): boolean {
    const text = this.#text;
    this.#text = "";
    return text === "" || this.#command.write(text);
  }

  async #waitForCommand(): Promise<void> {
    let stopLooking = (): void => undefined;
    const look = new Promise<void>((resolve) => (stopLooking = this.#timers.after(lookInterval, resolve)));
    await Promise.race([this.#command.news(), look]);
    stopLooking();
  }
}
