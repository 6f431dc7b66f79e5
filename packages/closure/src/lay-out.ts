import { acorn, childrenOf, type SyntaxNode } from "./acorn.ts";
import type { ParsedFunction } from "./parse-function.ts";

/** A piece of text that is not split: a token, or a replacement for some. */
export interface Piece {
  readonly text: string;
  /** Offset where it began in the parsed program. */
  readonly start: number;
  readonly end: number;
  /** Part of a template literal, whose white space is content. */
  readonly verbatim: boolean;
}

/** A zero-based place in the user's file that a piece should land on. */
export interface Target {
  readonly line: number;
  readonly column: number;
}

/** Further than this a column is not followed: a line of the running code may be a whole minified file. */
const widestPadding = 400;

/**
 * Writes pieces so that each stands on its line, and where possible at its column, of the user's file. The running code differs
 * from that file under tsx (all on one line), vite or a bundler; with the layout mended here, a stack from an executor names the
 * user's line without any source map there. No line is broken but where the file breaks it: a line too many would shift all that
 * follows. A statement that a line end ended gets a semicolon instead.
 *
 * @param parsed What the pieces come from: which white space stood between them, and which of it ended a statement.
 * @param begin Where the first piece should stand.
 * @param target Place of a piece by its offset and the end of the piece before it; undefined where the source map has none.
 */
export function layOut(
  { program, semicolons }: Pick<ParsedFunction, "program" | "semicolons">,
  pieces: readonly Piece[],
  begin: Target,
  target: (start: number, previousEnd: number) => Target | undefined,
): string {
  let { line, column } = begin;
  let text = "";
  const write = (part: string): void => {
    text += part;
    const last = part.lastIndexOf("\n");
    if (last < 0) column += part.length;
    else {
      for (let at = part.indexOf("\n"); at >= 0; at = part.indexOf("\n", at + 1)) line++;
      column = part.length - last - 1;
    }
  };
  pieces.forEach((piece, index) => {
    const previous = pieces[index - 1];
    if (previous !== undefined) {
      const gap = program.slice(previous.end, piece.start);
      if (piece.verbatim) write(gap);
      else {
        const wanted = target(piece.start, previous.end);
        if (wanted !== undefined && wanted.line > line && mayBreak(previous.text, piece.text)) {
          write("\n".repeat(wanted.line - line));
        } else if (semicolons.has(previous.end) && piece.text !== "}") write(";");
        else if (gap !== "") write(" ");
        if (wanted?.line === line && wanted.column > column && wanted.column - column < widestPadding) {
          write(" ".repeat(wanted.column - column));
        }
      }
    }
    write(piece.text);
  });
  return text;
}

/** Writes pieces with what stood between them. */
export function splice(program: string, pieces: readonly Piece[]): string {
  let text = "";
  let end = pieces[0]?.start ?? 0;
  for (const piece of pieces) {
    text += program.slice(end, piece.start) + piece.text;
    end = piece.end;
  }
  return text;
}

/** Whether a line break between two tokens leaves the meaning alone (ECMAScript's restricted productions). */
function mayBreak(previous: string, next: string): boolean {
  if (/^(return|throw|break|continue|yield|async|get|set|static|accessor)$/.test(previous)) return false;
  return !/^(=>|\+\+|--)$/.test(next);
}

/** Whether two programs have the same syntax tree but for positions. */
export function sameSyntax(left: string, right: string): boolean {
  try {
    return shapeOf(left) === shapeOf(right);
  } catch {
    return false;
  }
}

function shapeOf(program: string): string {
  const parts: string[] = [];
  const visit = (node: SyntaxNode): void => {
    parts.push(node.type);
    for (const key of ["name", "raw", "operator", "kind", "async", "generator", "computed", "static"]) {
      parts.push(JSON.stringify(node[key]) ?? "");
    }
    for (const child of childrenOf(node)) visit(child);
    parts.push("^");
  };
  visit(acorn().parse(program, { ecmaVersion: "latest", sourceType: "module" }) as unknown as SyntaxNode);
  return parts.join(" ");
}
