import { describe, expect, it } from "vitest";
import { ProgressBars, progressLine } from "./progress-bar.ts";

describe("progressLine", () => {
  it("shows what is finished, running and in all", () => {
    expect(progressLine({ stage: 3, label: "map (a.ts:1:2)", finished: 5, running: 2, tasks: 10 }, 60)).toBe(
      "stage 3 map (a.ts:1:2) [===========>          ] 5+2/10",
    );
  });

  it("never exceeds the width", () => {
    for (const width of [1, 20, 40, 80, 200]) {
      const line = progressLine({ stage: 1, label: "x".repeat(300), finished: 10, running: 0, tasks: 10 }, width);
      expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});

describe("ProgressBars", () => {
  const screen = (): { columns: number; text: string; write(text: string): void } => ({
    columns: 80,
    text: "",
    write(text) {
      this.text += text;
    },
  });

  it("draws after a while and wipes at the end", () => {
    let now = 0;
    const target = screen();
    const bars = new ProgressBars(target, () => now);
    bars.started(1, "count", 4);
    now = 1000;
    bars.progressed(1, 1, 2, 4);
    expect(target.text).toContain("1+2/4");
    bars.finished(1);
    expect(target.text.endsWith("\x1b[1A\r\x1b[J")).toBe(true);
  });

  it("never shows a stage that ends at once", () => {
    let now = 0;
    const target = screen();
    const bars = new ProgressBars(target, () => now);
    bars.started(1, "count", 4);
    now = 50;
    bars.progressed(1, 4, 0, 4);
    bars.finished(1);
    expect(target.text).toBe("");
  });
});
