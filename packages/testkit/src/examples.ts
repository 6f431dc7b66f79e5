import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** An example of a doc comment. */
export interface Example {
  /** Where it stands: `file:line`. */
  readonly name: string;
  readonly statements: readonly ExampleStatement[];
}

/** One statement, with the text of the value that the comment behind it promises. */
interface ExampleStatement {
  readonly text: string;
  readonly expected: string | undefined;
}

/** The `@example` blocks of all doc comments in a folder's sources. */
export async function findExamples(folder: string): Promise<Example[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    /^(?!.*\.test(-d)?\.ts$).*\.ts$/.test(file),
  );
  const examples = await Promise.all(
    files.toSorted().map(async (file) => examplesOf(file, await readFile(join(folder, file), "utf8"))),
  );
  return examples.flat();
}

function examplesOf(file: string, source: string): Example[] {
  return [...source.matchAll(/^ *\* @example\n((?: *\*(?! @|\/).*\n)+)/gm)].map((match) => ({
    name: `${file}:${source.slice(0, match.index).split("\n").length}`,
    statements: statementsOf((match[1] ?? "").replace(/^ *\* ?/gm, "")),
  }));
}

/** Cuts at semicolons that end a line outside of all brackets. */
function statementsOf(text: string): ExampleStatement[] {
  const statements: ExampleStatement[] = [];
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    const [, code = line, expected] = /^(.*;) \/\/ (.+)$/.exec(line) ?? [];
    lines.push(code);
    const statement = lines.join("\n").trim();
    if (!/[;}]$/.test(statement) || depth(statement) !== 0) continue;
    statements.push({ text: statement, expected });
    lines = [];
  }
  return statements;
}

function depth(code: string): number {
  const unquoted = code.replace(/"[^"]*"/g, "");
  return unquoted.replace(/[^([{]/g, "").length - unquoted.replace(/[^)\]}]/g, "").length;
}
