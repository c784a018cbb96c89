// Amounts are whole numbers of the smallest unit; conversions to text are exact up to the digits that are shown.
import { formatCount } from "./formatNumber.ts";

/** `decimals` digits behind the point at most `shown`; what is cut off is marked by "…". */
export function formatUnits(amount: bigint, decimals: number, shown = 6): string {
  const sign = amount < 0n ? "-" : "";
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const part = digits.slice(digits.length - decimals);
  const kept = part.slice(0, shown);
  const isCut = /[1-9]/.test(part.slice(shown));
  const fraction = isCut ? `${kept}…` : kept.replace(/0+$/, "");
  return `${sign}${formatCount(BigInt(whole))}${fraction === "" ? "" : `.${fraction}`}`;
}

const ONE_COIN_WEI = 10n ** 18n;
const COINS_FROM_WEI = 10n ** 12n;
const GWEI_FROM_WEI = 10n ** 5n;

/** Amounts too small to be seen in coins are in gwei or wei. */
export function formatCoins(wei: bigint): string {
  const size = wei < 0n ? -wei : wei;
  if (size === 0n || size >= COINS_FROM_WEI)
    return `${formatUnits(wei, 18)} ${size === ONE_COIN_WEI ? "coin" : "coins"}`;
  return size >= GWEI_FROM_WEI ? formatGwei(wei) : `${formatCount(wei)} wei`;
}

export function formatGwei(wei: bigint): string {
  return `${formatUnits(wei, 9, 4)} gwei`;
}

/** Wei of a text such as "1.5"; `null` when it is no such number. */
export function parseUnits(text: string, decimals: number): bigint | null {
  const found = /^(\d{1,40})(?:\.(\d{1,40}))?$/.exec(text.trim());
  if (found === null) return null;
  const [, whole = "0", part = ""] = found;
  if (part.length > decimals) return null;
  return BigInt(whole + part.padEnd(decimals, "0"));
}
