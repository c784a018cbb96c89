import { bytesToHex } from "@festina/primitives";
import { decryptKeystore } from "../../packages/cli/src/keystore.ts";
import { judge, type Suite, type Verdict } from "./suite.ts";
import { readTests, testFilesOf } from "./testFiles.ts";

const FOLDERS = ["KeyStoreTests"];

export const keystoreSuite: Suite = async (folder, { every, only }, tally) => {
  for (const file of testFilesOf(folder, FOLDERS, only)) {
    for (const [name, { json, password, priv }] of readTests(file)) {
      if (typeof password !== "string" || typeof priv !== "string" || !tally.isNext(every)) continue;
      tally.count(name, await judge(() => judgeKeystore(json, password, priv)));
    }
  }
};

function judgeKeystore(json: unknown, password: string, priv: string): Verdict {
  if (isBeyondStandard(json)) return { kind: "refused", reason: "scrypt parameters that RFC 7914 rules out" };
  const opened = decryptKeystore(json, password);
  if (!opened.ok) return { kind: "failed", reason: opened.error.code };
  const isKey = bytesToHex(opened.value.secretKey).slice(2) === priv.toLowerCase();
  return isKey ? { kind: "passed" } : { kind: "failed", reason: "another key" };
}

/** RFC 7914: n is below 2 to the power of 128 r / 8. OpenSSL sees to it. */
function isBeyondStandard(json: unknown): boolean {
  const file = json as {
    readonly crypto?: { readonly kdf?: unknown; readonly kdfparams?: Record<string, unknown> };
  } | null;
  const { n, r } = file?.crypto?.kdfparams ?? {};
  return file?.crypto?.kdf === "scrypt" && Math.log2(Number(n)) >= 16 * Number(r);
}
