export { FRUIT } from "./fakeBackend.ts";
export { ACCOUNTS, sampleTransactions, TOKEN, word } from "./fakeChain.ts";
export { type RpcFixture, startFixture } from "./rpcFixture.ts";
