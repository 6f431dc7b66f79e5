// A FileDescriptorProto as the text of a .proto file: declarations only, in their order.

const licence = `// Definitions of the v1 API of Apache Mesos 1.11.0, Copyright The Apache Software Foundation, licensed under the Apache License,
// Version 2.0: http://www.apache.org/licenses/LICENSE-2.0. Written by \`npm run mesos:definitions\` from the descriptors in
// libmesos, which carry no comments; those are in include/mesos/v1 of Mesos's own sources.
`;

const scalars = {
  1: "double",
  2: "float",
  3: "int64",
  4: "uint64",
  5: "int32",
  6: "fixed64",
  7: "fixed32",
  8: "bool",
  9: "string",
  12: "bytes",
  13: "uint32",
  15: "sfixed32",
  16: "sfixed64",
  17: "sint32",
  18: "sint64",
};
const labels = { 1: "optional", 2: "required", 3: "repeated" };

/** @returns the file's text. Names of types are absolute, so that nothing has to be resolved. */
export function renderDefinitions(file) {
  const imports = file.dependency.map((name) => `import "${name}";`);
  const messages = file.messageType.flatMap((message) => ["", ...renderMessage(message)]);
  const enums = file.enumType.flatMap((each) => ["", ...renderEnum(each)]);
  const parts = [licence, `syntax = "${file.syntax || "proto2"}";`, "", `package ${file.package};`, ""];
  return `${[...parts, ...imports, ...enums, ...messages].join("\n")}\n`;
}

function renderMessage(message) {
  const maps = new Map(message.nestedType.filter((nested) => nested.options?.mapEntry).map((map) => [map.name, map]));
  const nested = message.nestedType.filter(({ name }) => !maps.has(name)).flatMap(renderMessage);
  const single = message.field.filter((field) => !Object.hasOwn(field, "oneofIndex"));
  const choices = message.oneofDecl.flatMap(({ name }, index) => [
    `oneof ${name} {`,
    ...indent(
      message.field
        .filter((field) => Object.hasOwn(field, "oneofIndex") && field.oneofIndex === index)
        .map((field) => renderField(field, maps, "")),
    ),
    "}",
  ]);
  const body = [
    ...message.enumType.flatMap(renderEnum),
    ...nested,
    ...single.map((field) => renderField(field, maps)),
    ...choices,
  ];
  return [`message ${message.name} {`, ...indent(body), "}"];
}

function renderField(field, maps, label = `${labels[field.label]} `) {
  const map = maps.get(field.typeName.split(".").at(-1));
  const type = map ? `map<${map.field.map(typeOf).join(", ")}>` : `${label}${typeOf(field)}`;
  return `${type} ${field.name} = ${field.number}${renderOptions(field)};`;
}

function renderOptions({ defaultValue, options, type }) {
  const all = [];
  if (defaultValue !== "")
    all.push(`default = ${type === 9 || type === 12 ? JSON.stringify(defaultValue) : defaultValue}`);
  if (options?.deprecated) all.push("deprecated = true");
  return all.length === 0 ? "" : ` [${all.join(", ")}]`;
}

function renderEnum({ name, value, options }) {
  const alias = options?.allowAlias ? ["option allow_alias = true;"] : [];
  return [`enum ${name} {`, ...indent([...alias, ...value.map((each) => `${each.name} = ${each.number};`)]), "}"];
}

function typeOf({ type, typeName }) {
  return scalars[type] ?? typeName;
}

function indent(lines) {
  return lines.map((line) => `  ${line}`);
}
