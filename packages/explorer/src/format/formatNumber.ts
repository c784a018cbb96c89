// Numbers as people read them. Nothing here depends on the reader's locale, so that pages and tests agree.

/** Digits in groups of three: 1,234,567. */
export function formatCount(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

const STEPS = [
  { from: 1e15, sign: "P" },
  { from: 1e12, sign: "T" },
  { from: 1e9, sign: "G" },
  { from: 1e6, sign: "M" },
  { from: 1e3, sign: "k" },
] as const;

/** Three digits that count, a sign of size and the unit: 1.23 MH/s. */
export function formatShort(value: number, unit = ""): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const step = STEPS.find(({ from }) => size >= from);
  const scaled = step === undefined ? value : value / step.from;
  const digits = Math.abs(scaled) >= 100 || Number.isInteger(scaled) ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${step?.sign ?? ""}${unit}`.trimEnd();
}

/** 1 seat, 2 seats. */
export function formatMany(count: number | bigint, name: string): string {
  return `${formatCount(count)} ${name}${Number(count) === 1 ? "" : name.endsWith("sh") ? "es" : "s"}`;
}

export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

export function formatBytes(bytes: number): string {
  return bytes < 1_024 ? `${bytes} B` : `${(bytes / 1_024).toFixed(1)} KiB`;
}
