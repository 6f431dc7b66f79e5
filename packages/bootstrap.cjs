"use strict";
// `npm start` and `npm test` on a fresh machine: checks Node, installs what is missing, builds, and runs the rest.
//
// Runs on any Node, so that an old one is told what to do instead of failing at syntax that it does not know: plain
// JavaScript of 2015 in a CommonJS file, without dependencies.

var childProcess = require("child_process");
var fs = require("fs");
var path = require("path");

var root = path.join(__dirname, "..");
var oldestMajor = 20;
var oldestMinor = 19;

main(process.argv[2], process.argv.slice(3));

function main(command, parameters) {
  if (!isSupported(process.versions.node)) {
    fail(
      "GLOAM_NODE_UNSUPPORTED: Gloam needs Node.js " +
        (oldestMajor + "." + oldestMinor) +
        " or newer; this is " +
        process.versions.node +
        "\n  install a newer Node.js, for instance from https://nodejs.org, and run this command again"
    );
  }
  if (["start", "test", "prepare"].indexOf(command) < 0) {
    fail("usage: node packages/bootstrap.cjs start [PATH...] | test [OPTION...] | prepare");
  }
  if (needsInstall()) install();
  build();
  if (command === "start") start(parameters);
  if (command === "test") test(parameters);
}

function isSupported(version) {
  var numbers = version.split(".").map(Number);
  return numbers[0] > oldestMajor || (numbers[0] === oldestMajor && numbers[1] >= oldestMinor);
}

/** Whether what is installed is missing, older than the lock file, or of other versions than it says. */
function needsInstall() {
  var locked = path.join(root, "package-lock.json");
  var installed = path.join(root, "node_modules", ".package-lock.json");
  if (!fs.existsSync(installed)) return true;
  if (fs.statSync(installed).mtimeMs < fs.statSync(locked).mtimeMs) return true;
  var wanted = readPackages(locked);
  var present = readPackages(installed);
  return Object.keys(wanted).some(function (place) {
    var entry = wanted[place];
    // Optional ones are other platforms' binaries; links and the workspaces behind them are this repository itself.
    if (place.indexOf("node_modules/") !== 0 || entry.optional || entry.link) return false;
    return present[place] === undefined || present[place].version !== entry.version;
  });
}

function readPackages(lockFile) {
  return JSON.parse(fs.readFileSync(lockFile, "utf8")).packages;
}

/** `npm ci` would fail where a registry lacks another platform's optional binaries. */
function install() {
  say("installing what is missing (npm install)");
  var npm = process.env.npm_execpath;
  // On Windows npm is a script of the shell.
  var status = npm ? node([npm, "install"]) : run("npm", ["install"], { shell: process.platform === "win32" });
  if (status !== 0) fail("npm install failed; see its messages above");
  var now = new Date();
  fs.utimesSync(path.join(root, "node_modules", ".package-lock.json"), now, now);
}

/** `npm run build`, whose steps find out for themselves what has changed. */
function build() {
  if (!fs.existsSync(path.join(root, "packages", "gloam", "dist", "index.js"))) say("building");
  var steps = [[path.join("node_modules", "typescript", "bin", "tsc"), "-b"], [path.join("packages", "bundle.mjs")]];
  steps.forEach(function (step) {
    if (node(step) !== 0) fail("the build failed");
  });
}

/** Counts words of the given files, or of the text that came with the installed packages. */
function start(parameters) {
  var paths = parameters.length > 0 ? parameters : ["node_modules/**/*.md", "node_modules/**/LICEN[CS]E*"];
  var command = path.join("packages", "gloam", "bin", "gloam.mjs");
  process.exitCode = node([command, "run", path.join("examples", "wordcount.ts"), "--"].concat(paths));
}

/** Every test that needs Node alone, tests of types included. */
function test(parameters) {
  process.exitCode = node([path.join("node_modules", "vitest", "vitest.mjs"), "run", "--typecheck"].concat(parameters));
}

function node(parameters) {
  return run(process.execPath, parameters, {});
}

/** Exit code of a program that shares this one's terminal. */
function run(program, parameters, options) {
  var result = childProcess.spawnSync(program, parameters, {
    cwd: root,
    stdio: "inherit",
    shell: options.shell
  });
  if (result.error) fail("cannot start " + program + ": " + result.error.message);
  return result.signal ? 1 : result.status;
}

function say(text) {
  process.stderr.write(text + "\n");
}

function fail(text) {
  process.stderr.write(text + "\n");
  process.exit(1);
}
