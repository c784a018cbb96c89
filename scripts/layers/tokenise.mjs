// Cuts a TypeScript source into words, punctuation and strings, leaving out comments, regular expressions and the fixed
// parts of templates. Only as exact as finding imports needs.

const WORD = /[\p{L}\p{N}_$]/u;
/** After one of these a slash begins a regular expression, not a division. */
const REGEX_AFTER = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "do",
  "else",
  "void",
  "delete",
  "throw",
  "new",
  "await",
  "yield",
  "instanceof",
]);

/** @returns {{ kind: "word" | "string", text: string }[]} punctuation comes as words of one character */
export function tokenise(text) {
  const tokens = [];
  /** For each open template, how many braces are open inside its `${`. */
  const templates = [];
  let i = 0;
  while (i < text.length) {
    const char = text[i];
    const pair = text.slice(i, i + 2);
    if (pair === "//") i = endOr(text, text.indexOf("\n", i));
    else if (pair === "/*") i = endOr(text, text.indexOf("*/", i + 2), 2);
    else if (char === '"' || char === "'") {
      const end = quotedEnd(text, i, char);
      tokens.push({ kind: "string", text: text.slice(i + 1, end - 1) });
      i = end;
    } else if (char === "`") i = templateStart(text, i, tokens, templates);
    else if (char === "}" && templates.at(-1) === 0) {
      templates.pop();
      i = templateChunk(text, i + 1, templates).end;
    } else if (char === "/" && startsRegex(tokens.at(-1))) i = regexEnd(text, i);
    else if (WORD.test(char)) {
      let end = i + 1;
      while (end < text.length && WORD.test(text[end])) end++;
      tokens.push({ kind: "word", text: text.slice(i, end) });
      i = end;
    } else {
      if (templates.length > 0 && char === "{") templates[templates.length - 1]++;
      if (templates.length > 0 && char === "}") templates[templates.length - 1]--;
      if (!/\s/.test(char)) tokens.push({ kind: "word", text: char });
      i++;
    }
  }
  return tokens;
}

/** A template without substitutions is a string like any other. */
function templateStart(text, start, tokens, templates) {
  const chunk = templateChunk(text, start + 1, templates);
  if (chunk.closed) tokens.push({ kind: "string", text: text.slice(start + 1, chunk.end - 1) });
  else tokens.push({ kind: "word", text: "`" });
  return chunk.end;
}

/** Skips a template's fixed text up to its closing quote or the next `${`, which it opens. */
function templateChunk(text, start, templates) {
  for (let i = start; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "`") return { end: i + 1, closed: true };
    else if (text[i] === "$" && text[i + 1] === "{") {
      templates.push(0);
      return { end: i + 2, closed: false };
    }
  }
  return { end: text.length, closed: true };
}

function quotedEnd(text, start, quote) {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote || text[i] === "\n") return i + 1;
  }
  return text.length;
}

function startsRegex(previous) {
  if (previous === undefined) return true;
  if (previous.kind === "string") return false;
  if (REGEX_AFTER.has(previous.text)) return true;
  return !WORD.test(previous.text[0]) && !")]}`".includes(previous.text);
}

function regexEnd(text, start) {
  let inClass = false;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "\n") return i;
    else if (text[i] === "[") inClass = true;
    else if (text[i] === "]") inClass = false;
    else if (text[i] === "/" && !inClass) return i + 1;
  }
  return text.length;
}

function endOr(text, index, length = 0) {
  return index === -1 ? text.length : index + length;
}
