// Reads the pages of docs/spec: the tables in them, the paths they name, the places they link to.

/** Cells of one line, without the code marks around them. Bars inside a cell are written `\|`. */
function readCells(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^`([^`]*)`$/, "$1"));
}

/**
 * Rows of the tables whose head begins with these cells, all such tables of the page together.
 * @throws RangeError when there is none: a test of no rows would always pass
 */
export function readTable(page: string, ...head: readonly string[]): readonly (readonly string[])[] {
  const lines = page.split("\n");
  const rows: (readonly string[])[] = [];
  lines.forEach((line, at) => {
    const isHead = lines[at + 1]?.startsWith("|---") && head.every((cell, column) => readCells(line)[column] === cell);
    if (!isHead) return;
    for (let row = at + 2; lines[row]?.startsWith("|"); row++) rows.push(readCells(lines[row] as string));
  });
  if (rows.length === 0) throw new RangeError(`no table begins with ${head.join(", ")}`);
  return rows;
}

/** "8,388,608" and "0x1f"; `null` for what is no number. */
export function readNumber(cell: string | undefined): number | null {
  const text = (cell ?? "").replaceAll(",", "");
  return /^(?:0x[0-9a-f]+|\d+(?:\.\d+)?)$/.test(text) ? Number(text) : null;
}

/** Everything in code marks that has the form of a path into the repository. */
export function namedPaths(page: string): readonly string[] {
  const marked = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text as string);
  return marked.filter((text) => /^(?:packages|test|scripts|docs|bin)\/\S+$/.test(text));
}

/** Targets of links that are not addresses, with their anchors. */
export function namedLinks(page: string): readonly { readonly file: string; readonly anchor: string }[] {
  return [...page.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
    const [file = "", anchor = ""] = (target as string).split("#");
    return /^[a-z]+:/.test(file) ? [] : [{ file, anchor }];
  });
}

/** Anchors that a page's headings make. */
export function headingAnchors(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
    (text as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}
