import { describeFile, isGloamFile } from "@gloam/common";
import { fileURLToPath } from "node:url";

/** `at f (FILE:1:2)`, `at async FILE:1:2`: files are absolute paths or URLs, also those that only source maps know. */
const frame = /^ +at (?:async )?(?:[^\n]*? \()?((?:[a-z][a-z+.-]*:\/\/|\/|[A-Za-z]:[\\/])[^\n]*?):(\d+):(\d+)\)?$/gm;

/**
 * The innermost frame of an error's stack that lies in a file of the user: `etl.ts:12:20`. Undefined where there is none.
 * Positions are those of the stack, to which Node.js has applied the source maps that it has.
 */
export function userFrame({ message, stack = "" }: Pick<Error, "message" | "stack">): string | undefined {
  for (const [text, file = "", line, column] of behindMessage(stack, message).matchAll(frame)) {
    if (text.includes("(eval at ")) continue;
    const path = file.startsWith("file:") ? fileURLToPath(file) : file;
    if (isGloamFile(path)) continue;
    return `${describeFile(path)}:${line}:${column}`;
  }
  return undefined;
}

/** A message may hold a stack of its own. With source maps, Node.js puts the source line that threw before the message. */
function behindMessage(stack: string, message: string): string {
  const at = stack.indexOf(message);
  return at < 0 ? stack : stack.slice(at + message.length);
}
