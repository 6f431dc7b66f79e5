/** Severity, date, time, thread and place in the source, as Mesos's log has them. */
const prefix = /^([IWEF])\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] /;

/** More lines than this say no more. */
const most = 8;

/** The lines of a log of Mesos that say why it did not start: errors, or else the last lines. */
export function complaints(log: string): string[] {
  const lines = log.trim().split("\n");
  const errors = lines.filter((line) => /[EF]/.test(prefix.exec(line)?.[1] ?? ""));
  // What the library or Python itself say has no prefix.
  const others = lines.filter((line) => !prefix.test(line));
  const telling = [errors, others, lines].find((some) => some.length > 0) ?? [];
  return telling.slice(-most).map((line) => line.replace(prefix, ""));
}
