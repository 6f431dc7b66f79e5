import { describeFile, filePath, isGloamFile } from "@gloam/common";

/** In the names of files that executors make up for loops. */
const generatedFile = "gloam-generated:";
/** `at f (FILE:1:2)`, `at async FILE:1:2`: files are absolute paths or URLs, also those that only source maps know. */
const frame = /^ +at (?:async )?(?:[^\n]*? \()?((?:[a-z][a-z+.-]*:\/\/|\/|[A-Za-z]:[\\/])[^\n]*?):(\d+):(\d+)\)?$/gm;

/**
 * The innermost frame of an error's stack that lies in a file of the user: `etl.ts:12:20`. Undefined where there is none.
 * Positions are those of the stack, to which Node.js has applied the source maps that it has.
 */
export function userFrame({ message, stack = "" }: Pick<Error, "message" | "stack">): string | undefined {
  for (const found of behindMessage(stack, message).matchAll(frame)) {
    const path = userPath(found);
    if (path !== undefined) return `${describeFile(path)}:${found[2]}:${found[3]}`;
  }
  return undefined;
}

/**
 * The lines of an error's stack down to the outermost frame that lies in a file of the user, without those of Gloam and of what it
 * generates. Lines of Node.js between the user's stay.
 */
export function userFrames({ message, stack = "" }: Pick<Error, "message" | "stack">): string[] {
  const kept: string[] = [];
  let users = 0;
  for (const line of behindMessage(stack, message).split("\n")) {
    if (!/^ +at /.test(line) || line.includes(generatedFile)) continue;
    const [found] = line.matchAll(frame);
    const path = found && userPath(found);
    if (found !== undefined && path === undefined) continue;
    kept.push(line);
    if (path !== undefined) users = kept.length;
  }
  return kept.slice(0, users);
}

/** The file of a match of `frame`; undefined where it is none of the user. */
function userPath([text, file = ""]: RegExpExecArray): string | undefined {
  if (text.includes("(eval at ")) return undefined;
  const path = filePath(file);
  return isGloamFile(path) ? undefined : path;
}

/** A message may hold a stack of its own. With source maps, Node.js puts the source line that threw before the message. */
function behindMessage(stack: string, message: string): string {
  const at = stack.indexOf(message);
  return at < 0 ? stack : stack.slice(at + message.length);
}
