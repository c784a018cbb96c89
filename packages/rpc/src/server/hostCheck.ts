const LOCAL_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a request's Host header names this server. A page of a foreign site that points its own name at this
 * machine (DNS rebinding) carries its name here and is refused.
 */
export function isHostAllowed(header: string | undefined, allowed: readonly string[]): boolean {
  if (header === undefined) return false;
  const name = header.replace(/:\d+$/, "").toLowerCase();
  return LOCAL_NAMES.includes(name) || allowed.some((entry) => entry === "*" || entry.toLowerCase() === name);
}

/**
 * Whether a WebSocket may be opened from there. Browsers let any page open one and only say in Origin whose page it
 * is; programs that are not browsers send no Origin.
 */
export function isOriginAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) ? isHostAllowed(new URL(origin).host, allowed) : allowed.includes("*");
}

/**
 * Whether a browser sent this without asking us for leave first. A page of any site may POST plain text, and need not
 * read the answer for a transaction to be sent; JSON needs a preflight, which this server grants to nobody but those it is told to.
 */
export function isUnaskedCrossPost(origin: string | undefined, contentType: string | undefined): boolean {
  return origin !== undefined && !/^application\/json\s*(;|$)/i.test(contentType ?? "");
}
