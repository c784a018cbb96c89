// Times and spans. Times are Unix milliseconds and shown in UTC, as the chain has them.

/** 2026-11-21 23:05:09.250 */
export function formatTime(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return "–";
  const text = new Date(ms).toISOString();
  return text.replace("T", " ").replace(/(\.000)?Z$/, "");
}

/** The two largest units that fit: 2 h 5 min. */
export function formatSpan(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** In whole seconds: it is drawn again every second. */
export function formatAge(ms: number, nowMs: number): string {
  const seconds = Math.floor((nowMs - ms) / 1_000);
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 1) return "now";
  return `${seconds < 60 ? `${seconds} s` : formatSpan(seconds * 1_000)} ago`;
}
