import {
  asciiToBytes,
  bytesToHex,
  decodeRlp,
  encodeRlp,
  hexToBytes,
  type RlpItem,
  rlpInteger,
} from "@festina/primitives";
import { judge, type Suite, type Verdict } from "./suite.ts";
import { readTests, testFilesOf } from "./testFiles.ts";

const FOLDERS = ["RLPTests"];
const INVALID: readonly unknown[] = ["INVALID"];
/** The input when a test only says that its bytes are well formed. */
const VALID = "VALID";

export const rlpSuite: Suite = async (folder, { every, only }, tally) => {
  for (const file of testFilesOf(folder, FOLDERS, only)) {
    for (const [name, content] of readTests(file)) {
      if (!("in" in content) || typeof content["out"] !== "string" || !tally.isNext(every)) continue;
      const { out } = content;
      tally.count(name, await judge(() => judgeRlp(content["in"], out)));
    }
  }
};

function judgeRlp(input: unknown, out: string): Verdict {
  const wanted = out.startsWith("0x") ? out : `0x${out}`;
  const decoded = decodeRlp(hexToBytes(wanted));
  if (INVALID.includes(input)) return decoded.ok ? { kind: "failed", reason: "was decoded" } : { kind: "passed" };
  if (!decoded.ok) return { kind: "failed", reason: "was not decoded" };
  if (bytesToHex(encodeRlp(decoded.value)) !== wanted) return { kind: "failed", reason: "encodes otherwise" };
  if (input !== VALID && bytesToHex(encodeRlp(toItem(input))) !== wanted) return { kind: "failed", reason: "differs" };
  return { kind: "passed" };
}

function toItem(value: unknown): RlpItem {
  if (Array.isArray(value)) return value.map(toItem);
  if (typeof value === "number") return rlpInteger(value);
  const text = String(value);
  return text.startsWith("#") ? rlpInteger(BigInt(text.slice(1))) : asciiToBytes(text);
}
