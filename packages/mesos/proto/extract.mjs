// npm run mesos:definitions -- LIBRARY: writes the .proto files of Mesos's v1 API from the descriptors that protoc compiled into
// a library of Mesos, so that they are those of exactly that version. With --check it writes nothing and fails when one differs.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import descriptors from "protobufjs/ext/descriptor.js";
import { renderDefinitions } from "./render-definitions.mjs";

/** What the scheduler, executor and operator APIs are defined in, and what these import. */
const files = ["mesos", "scheduler/scheduler", "executor/executor", "master/master", "agent/agent"].concat(
  ["allocator/allocator", "maintenance/maintenance", "quota/quota"], // prettier-ignore
);

/** The bytes of a file's descriptor: fields 1 to 12 in ascending order, `name` first. What follows in a library is not one. */
function findDescriptor(library, name) {
  const start = Buffer.concat([Buffer.from([0x0a, name.length]), Buffer.from(name), Buffer.from([0x12])]);
  const at = library.indexOf(start);
  if (at < 0) throw new Error(`the library has no descriptor of ${name}`);
  let position = at;
  let last = 0;
  const readNumber = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = library[position++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const before = position;
    const tag = readNumber();
    const [field, wireType] = [tag >>> 3, tag & 7];
    const follows = wireType === 2 && field <= 12 && field >= last && (field > 1 || last === 0);
    if (!follows) return library.subarray(at, before);
    last = field;
    const length = readNumber();
    position += length;
  }
}

const isCheck = process.argv.includes("--check");
const [path] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
if (path === undefined) throw new Error("usage: npm run mesos:definitions -- [--check] LIBRARY");
const library = readFileSync(path);
for (const file of files) {
  const name = `mesos/v1/${file}.proto`;
  const text = renderDefinitions(descriptors.FileDescriptorProto.decode(findDescriptor(library, name)));
  const target = fileURLToPath(new URL(name, import.meta.url));
  if (!isCheck) {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  } else if (readFileSync(target, "utf8") !== text) {
    process.stderr.write(`${name} is not what the library has: run npm run mesos:definitions -- ${path}\n`);
    process.exitCode = 1;
  }
}
