/** Options and what they mean, in two columns. */
export function describeOptions(rows: readonly (readonly [form: string, meaning: string])[]): string {
  const width = Math.max(...rows.map(([form]) => form.length));
  return rows.map(([form, meaning]) => `  ${form.padEnd(width)}  ${meaning}`).join("\n");
}
