// npm run kernels: assembles the WebAssembly text of the kernels into modules that packages import. With --check it writes
// nothing and fails when one is not current.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import loadAssembler from "wabt";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const text = "shuffle/src/kernels/number-kernels.wat";
const target = at("shuffle/src/kernels/number-kernels-binary.ts");

const assembler = await loadAssembler();
const assembled = assembler.parseWat(text, readFileSync(at(text), "utf8"), {
  simd: true,
  bulk_memory: true,
  sat_float_to_int: true,
});
assembled.validate();
const binary = Buffer.from(assembled.toBinary({}).buffer).toString("base64");
const lines = binary.match(/.{1,100}/g).map((line) => `  "${line}"`);
const code = `// Made by \`npm run kernels\`; changes here are lost.

/** \`number-kernels.wat\` in base64. */
export const numberKernelsBinary =
${lines.join(" +\n")};
`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== code) {
    process.stderr.write(`${text} has changed: run npm run kernels\n`);
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, code);
}
