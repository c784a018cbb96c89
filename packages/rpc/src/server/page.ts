import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { extname, join } from "node:path";

// A web page at the address of the RPC: the built files of one folder, held in memory and found by their exact names.

/** What a GET is answered with. */
export interface PageAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Page {
  /** `undefined` where neither a file of this name is there nor a page is asked for. */
  answer(path: string, headers: IncomingHttpHeaders): PageAnswer | undefined;
}

interface PageFile {
  readonly type: string;
  readonly etag: string;
  readonly isShell: boolean;
  /** Same bytes by content coding, best first; the last is plain. */
  readonly codings: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const SHELL = "index.html";
const FILES_MAX = 64;
const CODINGS = [
  { name: "br", suffix: ".br" },
  { name: "gzip", suffix: ".gz" },
] as const;
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Scripts, styles and connections of this address only; nothing may frame it, post to elsewhere or run inline. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const COMMON_HEADERS = {
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  vary: "accept, accept-encoding",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};
const EMPTY = new Uint8Array(0);

function readPageFile(folder: string, name: string): PageFile {
  const plain = readFileSync(join(folder, name));
  const coded = CODINGS.filter(({ suffix }) => existsSync(join(folder, name + suffix)));
  return {
    type: TYPES[extname(name)] ?? "application/octet-stream",
    etag: createHash("sha256").update(plain).digest("hex").slice(0, 32),
    isShell: name === SHELL,
    codings: [
      ...coded.map(({ name: coding, suffix }) => ({ name: coding, bytes: readFileSync(join(folder, name + suffix)) })),
      { name: "identity", bytes: plain },
    ],
  };
}

/** Names of files that a build left there; a folder that is missing holds none. */
function pageNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => TYPES[extname(name)] !== undefined)
    .slice(0, FILES_MAX);
}

function accepts(header: string | undefined, coding: string): boolean {
  return (header ?? "").split(",").some((entry) => {
    const [name = "", ...parameters] = entry
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === coding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function answerWith(file: PageFile, headers: IncomingHttpHeaders): PageAnswer {
  const chosen =
    file.codings.find(({ name }) => name === "identity" || accepts(headers["accept-encoding"] as string, name)) ??
    file.codings[0];
  const coding = chosen?.name ?? "identity";
  const etag = `"${file.etag}-${coding}"`;
  const known = (headers["if-none-match"] ?? "").split(",").map((entry) => entry.trim().replace(/^W\//, ""));
  const isKnown = known.includes(etag);
  const body = isKnown ? EMPTY : (chosen?.bytes ?? EMPTY);
  return {
    status: isKnown ? 304 : 200,
    body,
    headers: {
      ...COMMON_HEADERS,
      etag,
      // Other files carry the digest of their content in their names.
      "cache-control": file.isShell ? "no-cache" : "public, max-age=31536000, immutable",
      ...(isKnown ? {} : { "content-type": file.type, "content-length": String(body.length) }),
      ...(isKnown || coding === "identity" ? {} : { "content-encoding": coding }),
    },
  };
}

/**
 * The page in a folder, read when it is first asked for. A path only ever selects among the names found then, so no
 * path reaches another file; a browser that asks for anything else gets the shell, whose script knows the routes.
 */
export function createPage(folder: string): Page {
  let files: ReadonlyMap<string, PageFile> | null = null;
  return {
    answer(path, headers) {
      files ??= new Map(pageNames(folder).map((name) => [`/${name}`, readPageFile(folder, name)]));
      const name = path.replace(/[?#].*$/s, "");
      const file =
        files.get(name) ?? (/\btext\/html\b/.test(headers.accept ?? "") ? files.get(`/${SHELL}`) : undefined);
      return file === undefined ? undefined : answerWith(file, headers);
    },
  };
}
