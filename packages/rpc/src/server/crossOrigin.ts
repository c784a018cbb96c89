// Pages of other origins: what a browser must hear before it lets one of them read an answer (Fetch standard, CORS).
import type { IncomingHttpHeaders } from "node:http";

/** How long a browser may go without asking leave again; it may choose less. */
const LEAVE_SECONDS = "600";
const ANY = "*";
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s,]+$/;

/** An origin as browsers write it, or `*` for all of them; `null` for anything else. */
export function parseOrigin(text: string): string | null {
  const origin = text.trim().toLowerCase().replace(/\/$/, "");
  return origin === ANY || ORIGIN.test(origin) ? origin : null;
}

export function isOriginGranted(origin: string | undefined, granted: readonly string[]): boolean {
  return origin !== undefined && (granted.includes(ANY) || granted.includes(origin.toLowerCase()));
}

/** What each answer says besides; nothing where no origin but our own is granted. */
export function grantHeaders(origin: string | undefined, granted: readonly string[]): Record<string, string> {
  if (granted.length === 0) return {};
  if (granted.includes(ANY)) return { "access-control-allow-origin": ANY };
  // Answers differ by who asks, and caches must know.
  const headers = { vary: "origin" };
  if (origin === undefined || !isOriginGranted(origin, granted)) return headers;
  return { ...headers, "access-control-allow-origin": origin };
}

/** Whether a browser asks for leave on behalf of a page, before it sends what the page wants to send. */
export function isPreflight(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  return method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined;
}

/** The leave itself, for an origin that is granted. Pages from the internet ask besides whether they may reach this network. */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return {
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": ANY,
    "access-control-max-age": LEAVE_SECONDS,
    ...(headers["access-control-request-private-network"] === "true" && {
      "access-control-allow-private-network": "true",
    }),
  };
}

/** What whoever opened that page has to know. */
export function originRefusal(origin: string): string {
  return `pages of ${origin.slice(0, 200)} may not use this node: start it with --cors and their origin to let them`;
}
