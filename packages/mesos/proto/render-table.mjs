// What is checked of incoming messages, as data.
import protobuf from "protobufjs";

const scalars = {
  double: "number",
  float: "number",
  int32: "integer",
  uint32: "integer",
  int64: "integer",
  uint64: "integer",
  bool: "boolean",
  string: "string",
  bytes: "bytes",
};

export function renderTable(types) {
  const messages = types.all.filter((type) => type instanceof protobuf.Type);
  const enums = types.all.filter((type) => type instanceof protobuf.Enum);
  const rows = messages.map((type) => {
    const fields = types.fieldsOf(type).map((field) => `${field.name}: "${kindOf(field, types)}"`);
    return `${types.nameOf(type)}: { ${fields.join(", ")} }`;
  });
  const unions = messages.flatMap((type) => {
    const union = types.unionOf(type);
    if (union === undefined) return [];
    const needed = union.cases.filter(({ field, isOptional }) => field && !isOptional).map(({ value }) => value);
    return [`${types.nameOf(type)}: "${needed.join(" ")}"`];
  });
  return `/**
 * The fields of each message: the kind of their values (\`string\`, \`bytes\` in base64, \`integer\`, \`number\`, \`boolean\`, or the
 * name of a message or an enum), after \`!\` where the field is required, \`*\` for a list, \`%\` for values by strings.
 */
export const messageTable: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${rows.join(",\n")}
};

/** The values of each enum, apart by spaces. */
export const enumTable: Readonly<Record<string, string>> = {
${enums.map((type) => `${types.nameOf(type)}: "${Object.keys(type.values).join(" ")}"`).join(",\n")}
};

/** Messages whose \`type\` names, in upper case, the field that is there: the types for which it has to be. */
export const unionTable: Readonly<Record<string, string>> = {
${unions.join(",\n")}
};
`;
}

function kindOf(field, types) {
  const mark = field.map ? "%" : field.repeated ? "*" : field.required ? "!" : "";
  return mark + (field.resolvedType ? types.nameOf(field.resolvedType) : scalars[field.type]);
}
