// npm run docs: writes the reference pages, and the README's table of packages, from the tables that the code uses.
// With --check it writes nothing and fails when something is not current.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configurationTable, errorTable, isDerived } from "@gloam/common";
import { format, resolveConfig } from "prettier";
import { renderApi, renderOperations } from "./render-api.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const generated = "<!-- Made by `npm run docs`; changes here are lost. -->";

function renderErrors() {
  const sections = Object.entries(errorTable)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { what, why, mend }]) =>
        `## ${code}\n\n${sentence(what)}\n\n- Why: ${sentence(why)}\n- What to do: ${sentence(mend)}`,
    );
  return `${generated}\n\n# Errors\n\nEvery error that Gloam raises is a \`GloamError\` with one of these codes in \`code\`. Codes are stable.\n\n${sections.join("\n\n")}\n`;
}

function renderConfiguration() {
  const rows = Object.entries(configurationTable).map(([key, { type, default: byDefault, meaning }]) => {
    const shown = isDerived(byDefault) ? byDefault.words : `\`${type.format(byDefault)}\``;
    return `| \`${key}\` | ${cell(type.name)} | ${cell(shown)} | ${cell(sentence(meaning))} |`;
  });
  return `${generated}

# Configuration

Highest first: the context's constructor options, options of the \`gloam\` command, the environment, \`gloam.config.json\` in
the working directory, the default. An unknown key or a value that its key does not take is an error, wherever it stands.

- Constructor: \`new GloamContext({ master: "local[4]", conf: { "executor.memory": "4g" } })\`
- Command: \`gloam run --master local[4] --conf executor.memory=4g script.ts\`
- Environment: \`GLOAM_MASTER=local[4] GLOAM_CONF_EXECUTOR_MEMORY=4g\`; dots become underscores, upper and lower case are
  the same
- File: \`{ "master": "local[4]", "executor.memory": "4g" }\`

Amounts of bytes are written with \`k\`, \`m\`, \`g\` or \`t\` (powers of 1024) or as a plain number; durations with \`ms\`, \`s\`,
\`min\`, \`h\` or \`d\`, or as a number of milliseconds.

| Key | Type | Default | Meaning |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function renderPackages() {
  const layers = JSON.parse(readFileSync(at("../layers.json"), "utf8"));
  const rows = layers.map(({ package: name, layer, holds, mayImport }) => {
    const imports = mayImport.length === 0 ? "nothing of ours" : mayImport.join(", ");
    return `| ${layer} | [\`${name}\`](packages/${name}) | ${cell(holds)} | ${imports} |`;
  });
  return `| Layer | Package | Holds | May import |\n| --- | --- | --- | --- |\n${rows.join("\n")}`;
}

/** A page with a part that is made anew, which stands between two comments. */
function withPart(file, name, text) {
  const current = readFileSync(at(file), "utf8");
  const marked = new RegExp(`(<!-- ${name} -->)[^]*(<!-- /${name} -->)`);
  if (!marked.test(current)) throw new Error(`${file} needs <!-- ${name} --> and <!-- /${name} --> around that part`);
  return current.replace(marked, (_, begin, end) => `${begin}\n\n${text}\n\n${end}`);
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}

function cell(text) {
  return text.replaceAll("|", "\\|");
}

const pages = {
  "reference/api.md": `${generated}\n\n${renderApi(at(".."))}`,
  "guide.md": withPart("guide.md", "operations", renderOperations(at(".."))),
  "reference/errors.md": renderErrors(),
  "reference/configuration.md": renderConfiguration(),
};
if (existsSync(at("../../README.md")))
  pages["../../README.md"] = withPart("../../README.md", "packages", renderPackages());

for (const [path, text] of Object.entries(pages)) {
  const file = at(path);
  const page = await format(text, { ...(await resolveConfig(file)), parser: "markdown" });
  if (existsSync(file) && readFileSync(file, "utf8") === page) continue;
  if (process.argv.includes("--check")) {
    console.error(`${path} is not current: run npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, page);
  }
}
