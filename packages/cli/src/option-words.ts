import { GloamError } from "@gloam/common";

/** `--name=value` in two; any other word as it is. */
export function splitOption(word: string): readonly [name: string, value?: string] {
  return word.startsWith("--") ? splitOnce(word) : [word];
}

/** What stands before and behind the first `=`. */
export function splitOnce(word: string): readonly [before: string, after?: string] {
  const equals = word.indexOf("=");
  return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

/**
 * The value of an option: behind its `=`, or the next word, which is then taken away.
 *
 * @param form what stands for the value in the help.
 * @throws GloamError `GLOAM_ARGUMENT_INVALID` when there is none.
 */
export function takeValue(option: string, inline: string | undefined, left: string[], form: string): string {
  const value = inline ?? left.shift();
  if (value === undefined || value === "--") throw invalid(`${option} needs a value`, `write ${option} ${form}`);
  return value;
}

/** An error of the command line. */
export function invalid(message: string, hint = "see gloam --help"): GloamError {
  return new GloamError("GLOAM_ARGUMENT_INVALID", message, { hint });
}
