// The messages and enums of one .proto file as TypeScript, in the JSON that Mesos reads and writes: names of fields as they
// are, enums as their names, bytes in base64, numbers of 64 bits as numbers.
import protobuf from "protobufjs";

const scalars = {
  double: "number",
  float: "number",
  int32: "number",
  uint32: "number",
  int64: "number",
  uint64: "number",
  bool: "boolean",
  string: "string",
  bytes: "string",
};

export function renderTypes(file, types) {
  const own = types.all.filter((type) => types.fileOf(type) === file);
  const bodies = own.map((type) =>
    type instanceof protobuf.Enum ? renderEnum(type, types) : renderMessage(type, types),
  );
  const imports = new Map();
  for (const type of own.filter((each) => each instanceof protobuf.Type)) {
    for (const { resolvedType } of types.fieldsOf(type)) {
      if (!resolvedType || types.fileOf(resolvedType) === file) continue;
      const from = types.fileOf(resolvedType);
      imports.set(from, (imports.get(from) ?? new Set()).add(types.nameOf(resolvedType)));
    }
  }
  const lines = [...imports].map(([from, names]) => `import type { ${[...names].join(", ")} } from "./${from}.ts";`);
  return [...lines, ...bodies].join("\n\n");
}

function renderEnum(type, types) {
  const values = Object.keys(type.values).map((value) => JSON.stringify(value));
  return `/** \`${type.fullName.slice(1)}\` */\nexport type ${types.nameOf(type)} = ${values.join(" | ")};`;
}

function renderMessage(type, types) {
  const comment = `/** \`${type.fullName.slice(1)}\` */\n`;
  const name = types.nameOf(type);
  const union = types.unionOf(type);
  if (union === undefined)
    return `${comment}export interface ${name} {\n${types
      .fieldsOf(type)
      .map((field) => renderField(field, types))
      .join("\n")}\n}`;
  const cases = union.cases.map(({ value, field, isOptional }) => {
    const own = field ? [renderField(field, types, !isOptional)] : [];
    return `| {\nreadonly type: ${JSON.stringify(value)};\n${[...own, ...union.common.map((each) => renderField(each, types))].join("\n")}\n}`;
  });
  return `${comment}export type ${name} =\n${cases.join("\n")};`;
}

function renderField(field, types, isRequired = field.required) {
  const one = field.resolvedType ? types.nameOf(field.resolvedType) : scalars[field.type];
  if (one === undefined) throw new Error(`${field.fullName} has the unknown type ${field.type}`);
  const type = field.map ? `Readonly<Record<string, ${one}>>` : field.repeated ? `readonly ${one}[]` : one;
  return `${renderComment(field)}readonly ${field.name}${isRequired ? "" : "?"}: ${type};`;
}

function renderComment({ type, options }) {
  const words = [];
  if (type === "bytes") words.push("Bytes in base64.");
  if (options?.default !== undefined) words.push(`Default: \`${JSON.stringify(options.default)}\`.`);
  if (options?.deprecated) words.push("Deprecated by Mesos.");
  return words.length === 0 ? "" : `/** ${words.join(" ")} */\n`;
}
