// Literal IP addresses between text and bytes. Names are not resolved here: a name in the hands of a stranger is a question
// to a server of his choice.

const FOUR_BYTES = 4;
const SIX_BYTES = 16;
const SIX_GROUPS = 8;
const TEXT_CHARACTERS_MAX = 45;
const MAPPED_PREFIX = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

function parseFour(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length !== FOUR_BYTES || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return null;
  const values = parts.map(Number);
  return values.every((value) => value <= 0xff) ? Uint8Array.from(values) : null;
}

/** Groups of one side of `::`; a dotted end counts for two. */
function parseGroups(text: string): readonly number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const four = index === parts.length - 1 && part.includes(".") ? parseFour(part) : null;
    if (four !== null) {
      const [a = 0, b = 0, c = 0, d = 0] = four;
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function parseSix(text: string): Uint8Array | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? "");
  const tail = parseGroups(halves[1] ?? "");
  if (head === null || tail === null) return null;
  const missing = SIX_GROUPS - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** Four bytes or sixteen; an IPv4 address inside an IPv6 one is four. `null` for anything that is no literal address. */
export function parseIp(text: string): Uint8Array | null {
  if (text.length > TEXT_CHARACTERS_MAX) return null;
  if (!text.includes(":")) return parseFour(text);
  const bytes = parseSix(text);
  return bytes !== null && isMappedIp(bytes) ? bytes.slice(MAPPED_PREFIX.length) : bytes;
}

/** Whether sixteen bytes only wrap an IPv4 address. */
export function isMappedIp(bytes: Uint8Array): boolean {
  return bytes.length === SIX_BYTES && MAPPED_PREFIX.every((byte, index) => bytes[index] === byte);
}

/** @param bytes four or sixteen */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === FOUR_BYTES) return bytes.join(".");
  const groups = Array.from({ length: SIX_GROUPS }, (_, index) => {
    const [high = 0, low = 0] = bytes.subarray(2 * index, 2 * index + 2);
    return (high * 256 + low).toString(16);
  });
  return groups.join(":");
}
