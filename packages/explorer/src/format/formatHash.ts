/** The ends of a hash or an address: 0x12345678…90abcdef. Anything short stays as it is. */
export function shortHash(text: string, digits = 6): string {
  return text.length <= 2 * digits + 5 ? text : `${text.slice(0, digits + 2)}…${text.slice(-digits)}`;
}

const SHOWN_MAX = 200;

/**
 * Text that came from a chain, safe to read: control characters and those that turn the direction of writing are
 * replaced, and what is long is cut. It is text still; whoever shows it must not take it as markup.
 */
export function cleanText(text: string, max = SHOWN_MAX): string {
  const cleaned = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\u{fffd}");
  return cleaned.length <= max ? cleaned : `${cleaned.slice(0, max)}…`;
}
