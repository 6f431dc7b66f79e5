// Makes a context and runs a job. Prints the answer, or the error's code, errno, hint and stack; and what it left in the
// system's temporary directory. Parameters: a directory for temporary files, or "" for the system's; a user's number to be.
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { GloamContext } from "gloam";

const [directory = "", user] = process.argv.slice(2);
if (user !== undefined) process.seteuid(Number(user));
let report;
try {
  const gc = new GloamContext({ master: "local[1]", conf: directory === "" ? {} : { "local.dir": directory } });
  report = { sum: await gc.range(5).sum() };
  await gc.stop();
} catch (error) {
  report = { code: error.code, errno: error.cause?.code, hint: error.hint, stack: error.stack };
}
const left = readdirSync(tmpdir()).filter((name) => name.startsWith(`gloam-${process.pid}-`));
process.stdout.write(JSON.stringify({ ...report, left }));
