import { options } from "./arguments.ts";

/** Text of `gloam --help`. */
export function helpText(): string {
  const rows = Object.entries(options).map(([name, { value, meaning }]) => [`${name} ${value}`, meaning] as const);
  rows.push(["--conf KEY=VALUE", "any key of the configuration reference; repeatable"]);
  const width = Math.max(...rows.map(([form]) => form.length));
  return `Usage: gloam run [OPTIONS] SCRIPT [ARGUMENTS]
       gloam --help | --version

Runs a TypeScript or JavaScript file as an ES module. The file makes its own context: new GloamContext().

${rows.map(([form, meaning]) => `  ${form.padEnd(width)}  ${meaning}`).join("\n")}

Options may also stand behind the script; what stands behind -- is the script's alone.
`;
}
