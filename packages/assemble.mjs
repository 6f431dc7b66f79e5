// npm run kernels: assembles the WebAssembly text of the kernels into modules that packages import. With --check it writes
// nothing and fails when one is not current.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import loadAssembler from "wabt";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The texts, without their extension; the module lies beside each. */
const kernels = ["shuffle/src/kernels/number-kernels", "io/src/kernels/number-lists"];
const isCheck = process.argv.includes("--check");

const assembler = await loadAssembler();
for (const kernel of kernels) {
  const text = `${kernel}.wat`;
  const assembled = assembler.parseWat(text, readFileSync(at(text), "utf8"), {
    simd: true,
    bulk_memory: true,
    sat_float_to_int: true,
  });
  assembled.validate();
  const binary = Buffer.from(assembled.toBinary({}).buffer).toString("base64");
  const lines = binary.match(/.{1,100}/g).map((line) => `  "${line}"`);
  const name = basename(kernel).replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  const code = `// Made by \`npm run kernels\`; changes here are lost.

/** \`${basename(text)}\` in base64. */
export const ${name}Binary =
${lines.join(" +\n")};
`;
  const target = at(`${kernel}-binary.ts`);
  if (!isCheck) {
    writeFileSync(target, code);
  } else if (readFileSync(target, "utf8") !== code) {
    process.stderr.write(`${text} has changed: run npm run kernels\n`);
    process.exitCode = 1;
  }
}
