// Prints how many tests passed and failed: counts.mjs REPORT STATUS, with vitest's JSON report and its exit code.
import { existsSync, readFileSync } from "node:fs";

const [file, status] = process.argv.slice(2);
const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const passed = report.numPassedTests ?? 0;
const failed = report.numFailedTests ?? 0;
// A run without any test has lost them.
const broken = failed === 0 && (status !== "0" || passed === 0) ? 1 : 0;
process.stdout.write(`${passed} ${failed + broken}\n`);
