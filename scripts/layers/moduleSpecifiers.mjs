// Finds the module names in a TypeScript source: static, dynamic and type imports, re-exports, `require`,
// `import.meta.resolve`. Works on tokens, so names inside comments and ordinary strings do not count.
import { tokenise } from "./tokenise.mjs";

/** @returns {(string | null)[]} in order of appearance; `null` stands for a name computed at run time */
export function moduleSpecifiers(text) {
  const tokens = tokenise(text);
  const found = [];
  for (let i = 0; i < tokens.length; i++) {
    if (isWord(tokens[i - 1], ".") && !isWord(tokens[i], "resolve")) continue;
    if (isWord(tokens[i], "from") || isWord(tokens[i], "import")) {
      const next = tokens[i + 1];
      if (next?.kind === "string") found.push(next.text);
    }
    if (isCallOfLoader(tokens, i)) found.push(tokens[i + 2]?.kind === "string" ? tokens[i + 2].text : null);
  }
  return found;
}

function isCallOfLoader(tokens, i) {
  if (!isWord(tokens[i + 1], "(")) return false;
  if (isWord(tokens[i], "import") || isWord(tokens[i], "require")) return true;
  if (!isWord(tokens[i], "resolve")) return false;
  const before = tokens
    .slice(Math.max(0, i - 4), i)
    .map((token) => token.text)
    .join("");
  return before.endsWith("import.meta.") || before.endsWith("require.");
}

function isWord(token, text) {
  return token !== undefined && token.kind === "word" && token.text === text;
}
