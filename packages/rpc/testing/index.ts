export { ACCOUNTS, sampleTransactions, TOKEN, word } from "./fakeChain.ts";
export { FRUIT } from "./fakeSnail.ts";
export { type RpcFixture, startFixture } from "./rpcFixture.ts";
