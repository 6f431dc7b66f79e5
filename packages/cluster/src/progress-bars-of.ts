import { ProgressBars } from "./progress-bar.ts";

/** Bars on standard error, where they are wanted. */
export function progressBars(wanted: "auto" | "true" | "false"): ProgressBars | undefined {
  if (wanted === "false" || (wanted === "auto" && !process.stderr.isTTY)) return undefined;
  const screen = {
    get columns(): number {
      // A terminal that does not know its width says 0.
      return process.stderr.columns || 80;
    },
    write: (text: string): void => void process.stderr.write(text),
  };
  return new ProgressBars(screen, () => performance.now());
}
