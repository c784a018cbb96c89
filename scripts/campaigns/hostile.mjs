// `npm run campaign -- hostile`: peers that break every rule at full speed, one way after the other.
import { runUnderAttack } from "./devnet/underAttack.mjs";

export const summary = "six attacks from one pinned core, each against a control that burns the core without sending";

const USAGE =
  "usage: npm run campaign -- hostile [--seconds 10] [--rounds 3] [--attacks LIST] [--ratio-min 0.9] [--rpc-port PORT]\n" +
  "                                    [--json FILE]\n" +
  "  --attacks   of garbage, handshakes, slowReaders, oversized, signatures, addresses; commas between them\n" +
  "  --ratio-min what of the control's throughput must be left to the honest, all attacks together; 0: no control is run\n";

export async function run(argv) {
  return runUnderAttack(argv, {
    name: "hostile",
    usage: USAGE,
    options: { attacks: { type: "string" }, "ratio-min": { type: "string", default: "0.9" } },
    check: ({ attacks, "ratio-min": ratio }) => {
      const ratioMin = Number(ratio);
      if (!(ratioMin >= 0 && ratioMin <= 1)) throw new Error("--ratio-min is a number from 0 to 1");
      return { attacks: attacks?.split(","), ratioMin };
    },
    attack: async (options) => (await import("./hostile/attackDevnet.mjs")).attackDevnet(options),
  });
}
