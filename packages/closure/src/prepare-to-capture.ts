import { parseFunction } from "./parse-function.ts";
import { bindingsOf } from "./script-bindings.ts";

let prepared = false;

/**
 * Loads the parser and lets V8 compile it, which the first capture of a function would have to wait for otherwise: 10 ms, once, for a
 * program that is waiting for something else.
 */
export function prepareToCapture(): void {
  if (prepared) return;
  prepared = true;
  const text = `(items) => items.map(([key, { value }], at) => ({ ...key, sum: value * 2 % at + 0.5, name: \`\${key.name}\` }))`;
  parseFunction(text);
  bindingsOf(
    `import { first } from "./first.js";\nexport default async function job(name) { const made = await first(${text}); }`,
  );
}
