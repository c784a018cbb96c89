const LOCAL_NAMES: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a request's Host header names this server. A page of a foreign site that points its own name at this
 * machine (DNS rebinding) carries its name here and is refused.
 */
export function isHostAllowed(header: string | undefined, allowed: readonly string[]): boolean {
  if (header === undefined) return false;
  const name = header.replace(/:\d+$/, "").toLowerCase();
  return LOCAL_NAMES.includes(name) || allowed.includes(name) || allowed.includes("*");
}
