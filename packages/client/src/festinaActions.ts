import type { Client } from "viem";
import { committeeActions } from "./actions/committeeActions.ts";
import { finalityActions } from "./actions/finalityActions.ts";
import { nodeActions } from "./actions/nodeActions.ts";
import { snailActions } from "./actions/snailActions.ts";
import { sponsorActions } from "./actions/sponsorActions.ts";
import { type WatchSnailBlocksParameters, watchSnailBlocks } from "./actions/watchSnailBlocks.ts";

/**
 * Everything that Festina has beside Ethereum, for any of viem's clients: `createPublicClient(…).extend(festinaActions)`.
 * Numbers are bigint where they are heights, amounts in wei or times in Unix seconds; counts are numbers.
 */
export function festinaActions(client: Client) {
  return {
    ...snailActions(client),
    ...committeeActions(client),
    ...finalityActions(client),
    ...nodeActions(client),
    ...sponsorActions(client),
    /** Tells new snail blocks until the function it answers with is called. */
    watchSnailBlocks: (parameters: WatchSnailBlocksParameters) => watchSnailBlocks(client, parameters),
  };
}

export type FestinaActions = ReturnType<typeof festinaActions>;
