import type { StageId } from "@gloam/scheduler";

/** One running stage as the bar shows it. */
export interface StageOnScreen {
  readonly stage: StageId;
  /** Operation and where it was called: `reduceByKey (count.ts:7:4)`. */
  readonly label: string;
  readonly finished: number;
  readonly running: number;
  readonly tasks: number;
}

/** One line for a stage, at most `width` columns: `stage 3 reduceByKey (count.ts:7:4) [=====>    ] 12+2/16`. */
export function progressLine({ stage, label, finished, running, tasks }: StageOnScreen, width: number): string {
  const counts = ` ${finished}+${running}/${tasks}`;
  const room = Math.max(0, width - counts.length - 1);
  const bar = Math.max(10, Math.min(24, room - 30));
  const head = `stage ${stage} ${label} `.slice(0, Math.max(0, room - bar - 2));
  const done = tasks === 0 ? bar : Math.floor((finished / tasks) * bar);
  const arrow = done < bar ? ">" : "";
  const filled = "=".repeat(done) + arrow;
  return `${head}[${filled.padEnd(bar)}]${counts}`.slice(0, width);
}

/** Where bars are drawn: standard error of a terminal. */
export interface ProgressScreen {
  readonly columns: number;
  write(text: string): void;
}

/** Milliseconds between two drawings. */
const interval = 100;
/** Stages that end sooner than this many milliseconds are never shown. */
const patience = 300;

/**
 * Draws a bar for each running stage and wipes them when the last has ended, so that nothing of them stays between the
 * lines of the user's own output.
 */
export class ProgressBars {
  readonly #screen: ProgressScreen;
  readonly #now: () => number;
  readonly #stages = new Map<StageId, StageOnScreen & { readonly since: number }>();
  #lines = 0;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(screen: ProgressScreen, now: () => number) {
    this.#screen = screen;
    this.#now = now;
  }

  started(stage: StageId, label: string, tasks: number): void {
    this.#stages.set(stage, { stage, label, tasks, finished: 0, running: 0, since: this.#now() });
  }

  progressed(stage: StageId, finished: number, running: number, tasks: number): void {
    const shown = this.#stages.get(stage);
    if (shown === undefined) return;
    this.#stages.set(stage, { ...shown, finished, running, tasks });
    if (this.#now() - this.#drawn >= interval) this.#draw();
  }

  finished(stage: StageId): void {
    this.#stages.delete(stage);
    if (this.#lines > 0) this.#draw();
  }

  /** Wipes the bars, whatever runs. */
  clear(): void {
    this.#stages.clear();
    if (this.#lines > 0) this.#draw();
  }

  #draw(): void {
    const now = this.#now();
    this.#drawn = now;
    const lines = [...this.#stages.values()]
      .filter(({ since }) => now - since >= patience)
      .map((stage) => progressLine(stage, this.#screen.columns));
    // Up to the first line of the last drawing, and erase from there to the end of the screen.
    const back = this.#lines > 0 ? `\x1b[${this.#lines}A\r\x1b[J` : "";
    this.#screen.write(back + lines.map((line) => `${line}\n`).join(""));
    this.#lines = lines.length;
  }
}
