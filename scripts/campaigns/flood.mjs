// `npm run campaign -- flood`: a peer sends invalid fruits as fast as it can, under a new name each time it is cut off.
import { runUnderAttack } from "./devnet/underAttack.mjs";

export const summary =
  "a flood of invalid fruits from one pinned core, against a control that burns the core without sending";

const USAGE = "usage: npm run campaign -- flood [--seconds 10] [--rounds 3] [--rpc-port PORT] [--json FILE]\n";

export async function run(argv) {
  const attack = async (options) => (await import("./flood/floodDevnet.mjs")).floodDevnet(options);
  return runUnderAttack(argv, { name: "flood", usage: USAGE, attack });
}
