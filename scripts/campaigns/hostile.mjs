// `npm run campaign -- hostile`: peers that break every rule at full speed, one way after the other.
import { runUnderAttack } from "./devnet/underAttack.mjs";

export const summary = "six attacks from one pinned core, each against a control that burns the core without sending";

const USAGE =
  "usage: npm run campaign -- hostile [--seconds 10] [--rounds 3] [--attacks LIST] [--rpc-port PORT] [--json FILE]\n" +
  "  --attacks   of garbage, handshakes, slowReaders, oversized, signatures, addresses; commas between them\n";

export async function run(argv) {
  return runUnderAttack(argv, {
    name: "hostile",
    usage: USAGE,
    options: { attacks: { type: "string" } },
    check: ({ attacks }) => ({ attacks: attacks?.split(",") }),
    attack: async (options) => (await import("./hostile/attackDevnet.mjs")).attackDevnet(options),
  });
}
