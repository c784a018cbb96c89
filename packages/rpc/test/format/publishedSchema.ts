import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(fileURLToPath(new URL("../../../..", import.meta.url)));

/** The folder with the schema of ethereum/execution-apis, which is no part of the project: `null`, loudly, without it. */
export function publishedSchemaFolder(): string | null {
  const folder = process.env["FESTINA_VECTORS"] ?? join(ROOT, "../shared/vectors");
  if (existsSync(join(folder, "openrpc.json"))) return folder;
  console.warn(
    "SKIPPED answers against openrpc.json: put it into ../shared/vectors or name its folder in FESTINA_VECTORS",
  );
  return null;
}
