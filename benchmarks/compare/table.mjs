import { workloads } from "./systems.mjs";

/**
 * Markdown table of the medians: seconds in the job / of the whole process / peak MiB of the process tree, and what
 * executors exchanged over WebSockets where they did. The last column is the best of Spark's job seconds over Gloam's.
 */
export function table(records) {
  const systems = [...new Set(records.map((record) => record.system))];
  const rows = workloads
    .filter((workload) => records.some((record) => record.workload === workload))
    .map((workload) => {
      const runs = (system) => records.filter((record) => record.system === system && record.workload === workload);
      const reference = records.find((record) => record.workload === workload && record.check !== undefined)?.check;
      return row([workload, ...systems.map((system) => cell(runs(system), reference)), ratio(runs, systems)]);
    });
  const head = row(["workload", ...systems, "best Spark / Gloam"]);
  return [head, row(Array.from({ length: systems.length + 2 }, () => "---")), ...rows].join("\n");
}

/** Whether two check strings are equal, numbers in them to 1e-6. */
function sameAnswer(a, b) {
  const left = a.split(/[=:, ]/);
  const right = b.split(/[=:, ]/);
  return left.length === right.length && left.every((part, index) => samePart(part, right[index]));
}

function samePart(a, b) {
  const difference = Math.abs(Number(a) - Number(b));
  return a === b || difference <= Math.max(1e-6 * Math.max(Math.abs(Number(a)), Math.abs(Number(b))), 2e-6);
}

function cell(runs, reference) {
  if (runs.length === 0) return "";
  const good = runs.filter((run) => run.failed === undefined);
  if (good.length === 0) return runs.at(-1).failed;
  const middle = (field) => median(good.map((run) => run[field]));
  const figures = `${short(middle("seconds"))} / ${short(middle("whole"))} / ${middle("peakMebibytes").toFixed(0)}`;
  const exchanged = Math.max(...good.map(({ exchangedBytes = 0 }) => exchangedBytes)) / 2 ** 20;
  const traffic = exchanged === 0 ? "" : ` / ${exchanged.toFixed(1)} MiB exchanged`;
  return figures + traffic + (good.every((run) => sameAnswer(run.check, reference)) ? "" : " WRONG ANSWER");
}

function ratio(runs, systems) {
  const seconds = (system) => {
    const good = runs(system).filter((run) => run.failed === undefined);
    return good.length === 0 ? Infinity : median(good.map((run) => run.seconds));
  };
  const best = Math.min(...systems.filter((system) => system.startsWith("spark")).map(seconds));
  const ours = seconds("gloam");
  return Number.isFinite(best) && Number.isFinite(ours) ? (best / ours).toFixed(1) : "";
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const short = (seconds) => seconds.toFixed(seconds < 1 ? 3 : seconds < 10 ? 2 : 1);
const row = (cells) => `| ${cells.join(" | ")} |`;
