/** A doc comment in its parts. */
export interface DocComment {
  /** Meaning and cost, as Markdown. */
  readonly text: string;
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
  readonly returns: string | undefined;
  readonly throws: readonly string[];
  readonly examples: readonly string[];
  /** Marked as `@internal`. */
  readonly isInternal: boolean;
}

/** Takes the text between the comment's slash-stars. Unknown tags are an error: they would be lost on the reference page. */
export function parseDocComment(comment: string): DocComment {
  const lines = comment.replace(/^\*/, "").split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd()); // prettier-ignore
  const [text = "", ...tagged] = lines.join("\n").split(/^\s*@(?=[a-z])/m);
  const parameters: { name: string; text: string }[] = [];
  const throws: string[] = [];
  const examples: string[] = [];
  let returns: string | undefined;
  let isInternal = false;
  for (const part of tagged) {
    const [, tag, body = ""] = /^([a-zA-Z]+)\s?([^]*)$/.exec(part) ?? [];
    switch (tag) {
      case "param": {
        const [, name = "", meaning = ""] = /^(\S+)\s+([^]*)$/.exec(body) ?? [];
        parameters.push({ name, text: paragraph(meaning) });
        break;
      }
      case "returns":
        returns = paragraph(body);
        break;
      case "throws":
        throws.push(paragraph(body).replace(/^GloamError /, ""));
        break;
      case "example":
        examples.push(body.replace(/^\n+|\s+$/g, ""));
        break;
      case "internal":
        isInternal = true;
        break;
      default:
        throw new Error(`a doc comment has a tag that nobody knows: @${tag}`);
    }
  }
  return { text: text.trim(), parameters, returns, throws, examples, isInternal };
}

function paragraph(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, " ");
}
