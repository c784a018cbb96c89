// `npm run rpc-reference`: writes docs/rpc.md anew.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepare, repositoryRoot } from "./prepare.mjs";

await prepare();
const { createRpcReference } = await import("@festina/rpc");
writeFileSync(join(repositoryRoot, "docs/rpc.md"), createRpcReference());
