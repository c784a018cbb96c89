// The views by their addresses. They stand behind the #, so that the server has one page to give.

export const VIEWS = [
  "overview",
  "blocks",
  "block",
  "tx",
  "account",
  "token",
  "snails",
  "snail",
  "fruit",
  "committee",
  "validator",
  "miners",
  "contract",
  "search",
] as const;

export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  /** What is shown there: a number, a hash, an address, a text to look for; empty for views of everything. */
  readonly subject: string;
}

const OVERVIEW: Route = { view: "overview", subject: "" };
const SUBJECT_MAX = 200;

const isView = (name: string): name is View => (VIEWS as readonly string[]).includes(name);

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Of the part behind the address's "#"; whatever is not a view is the overview. */
export function parseRoute(hash: string): Route {
  const [name = "", ...rest] = hash.replace(/^#?\/?/, "").split("/");
  if (!isView(name)) return OVERVIEW;
  return { view: name, subject: decodePart(rest.join("/")).slice(0, SUBJECT_MAX) };
}

/** The address of a view, to be put into a link. */
export function routeTo(view: View, subject: string | number = ""): string {
  if (view === "overview") return "#/";
  return subject === "" ? `#/${view}` : `#/${view}/${encodeURIComponent(String(subject))}`;
}
