// The reference page of the API, from the doc comments.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allFamilies, apiFamilies, laterNames, readApi } from "@gloam/testkit/api";

/** Packages whose declarations `core` exports. */
const sources = ["core", "closure", "plan", "scheduler", "io"];

/** The names by family, as a list for the guide. */
export function renderOperations(packages) {
  const entries = readEntries(packages);
  const items = allFamilies(entries).flatMap((family) => {
    const names = namesOf(family, entries).map((name) => `\`${name}\``);
    const title = `[${family.title}](reference/api.md#${anchorOf(family.title)})`;
    return names.length === 0 ? [] : [`- ${title}: ${names.join(", ")}`];
  });
  return items.join("\n");
}

function anchorOf(title) {
  return title.toLowerCase().replaceAll(" ", "-");
}

function readEntries(packages) {
  return sources.flatMap((name) => readApi(join(packages, name, "src")));
}

/** @param packages Path of the folder with the packages. */
export function renderApi(packages) {
  const entries = readEntries(packages);
  const all = allFamilies(entries);
  const families = all.map((family) => renderFamily(family, entries)).filter((text) => text !== "");
  const others = namesExportedBy(join(packages, "core/src/index.ts"))
    .map((name) => entries.find((entry) => entry.owner === undefined && entry.name === name))
    .filter((entry) => entry !== undefined && !isInFamily(entry) && !["GloamContext", "Rdd"].includes(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      (entry) => renderEntry(entry, entry.name) + (entry.kind === "class" ? renderMembers(entry.name, entries) : ""),
    );
  const classes = ["GloamContext", "Rdd"].map((name) => {
    const entry = entries.find(({ kind, name: own }) => kind === "class" && own === name);
    return renderEntry(entry, name);
  });
  const contents = [...all.filter((family) => namesOf(family, entries).length > 0), { title: "Types" }]
    .map(({ title }) => `- [${title}](#${anchorOf(title)})`)
    .join("\n");
  return `# The API

Everything is imported from \`gloam\`. Transformations are lazy; actions give a promise, run a job and take [ActionOptions](#actionoptions)
last. Each example is run by a test.

${contents}

${classes.join("\n\n")}

${families.join("\n\n")}

## Types

${others.join("\n\n")}
`;
}

function isInFamily({ name }) {
  return apiFamilies.some((family) => family.owner === "gloam" && family.names.includes(name));
}

/** The family's names that there are. */
function namesOf(family, entries) {
  return family.names.filter((name) => find(entries, ownerOf(family), name) !== undefined);
}

function isPublic({ name, doc }) {
  return doc !== undefined && !doc.isInternal && !name.startsWith("[") && !["node", "context"].includes(name);
}

function ownerOf({ owner }) {
  return owner === "gloam" ? undefined : owner;
}

function find(entries, owner, name) {
  return entries.find((entry) => entry.owner === owner && entry.name === name);
}

function renderFamily(family, entries) {
  const names = namesOf(family, entries);
  if (names.length === 0) return "";
  const parts = names.map((name) => renderEntry(find(entries, ownerOf(family), name), name));
  const later = family.names.filter((name) => laterNames.has(name) && !names.includes(name));
  const note = later.length === 0 ? "" : `\n\nPromised for later: ${later.map((name) => `\`${name}\``).join(", ")}.`;
  return `## ${family.title}\n\n${parts.join("\n\n")}${note}`;
}

function renderEntry({ signatures, doc, kind }, name) {
  const heading = `### ${name}`;
  const declared = signatures.map((signature) => signature.replaceAll(/^(?:export )/gm, "")).join(";\n");
  const code = kind === "class" ? "" : `\n\n\`\`\`ts\n${declared}${kind === "interface" ? "" : ";"}\n\`\`\``;
  if (doc === undefined) return `${heading}${code}`;
  const parts = [links(doc.text)];
  const list = [
    ...doc.parameters.map(({ name: parameter, text }) => `- \`${parameter}\`: ${links(text)}`),
    ...(doc.returns === undefined ? [] : [`- Gives: ${links(doc.returns)}`]),
    ...doc.throws.map((text) => `- Errors: ${linkErrors(links(text))}`),
  ];
  if (list.length > 0) parts.push(list.join("\n"));
  for (const example of doc.examples) parts.push(`\`\`\`ts\n${example}\n\`\`\``);
  return `${heading}${code}\n\n${parts.join("\n\n")}`;
}

/** What a class beside the two large ones has. */
function renderMembers(owner, entries) {
  const members = entries.filter((entry) => entry.owner === owner && isPublic(entry));
  const items = members.map(
    ({ signatures, doc }) => `- \`${signatures.at(0)}\`: ${links(doc.text).replaceAll(/\s+/g, " ")}`,
  );
  return items.length === 0 ? "" : `\n\n${items.join("\n")}`;
}

function links(text) {
  return text.replaceAll(/\{@link (\w+)\}/g, (_, name) => `[${name}](#${name.toLowerCase()})`);
}

function linkErrors(text) {
  return text.replaceAll(/`(GLOAM_\w+)`/g, (_, code) => `[\`${code}\`](errors.md#${code.toLowerCase()})`);
}

/** Names between the braces of a file's exports. */
function namesExportedBy(file) {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) =>
    names.split(",").map((name) => name.replace(/^\s*type\s+/, "").trim()),
  );
}
