import { builtinExportOf } from "./global-values.ts";
import { InspectedFunction } from "./inspect-function.ts";
import { scriptOf } from "./script.ts";

const nativeCode = /\{\s*\[native code\]\s*\}\s*$/;

/** Whether a function is V8's own, or bound: its text says nothing. */
export function isNative(text: string): boolean {
  return nativeCode.test(text);
}

/** The script of Node.js itself that a function comes from, such as `node:net`; undefined for any other. */
function nodeScriptOf(fn: object): string | undefined {
  const { location } = new InspectedFunction(fn);
  const url = location === undefined ? undefined : scriptOf(location)?.url;
  return url?.startsWith("node:") === true ? url : undefined;
}

/** Whether a class belongs to V8 or Node.js and keeps state that only they can see. */
export function isNativeClass(of: object): boolean {
  return isNative(Function.prototype.toString.call(of)) || nodeScriptOf(of) !== undefined;
}

/** A class's name for messages: `net.Socket`, `WeakRef`, `Account`. */
export function describeClass(of: { readonly name: string }): string {
  const found = builtinExportOf(of, nodeScriptOf(of));
  const name = of.name === "" ? "nameless class" : of.name;
  return found === undefined ? name : `${found.module.replace(/^node:/, "").replaceAll("/", ".")}.${found.name}`;
}
