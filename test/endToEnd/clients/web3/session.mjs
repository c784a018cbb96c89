// web3.js 4: an account, a contract, an event, a revert, and a subscription. Arguments: the node's URL, a compiled contract.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Web3 } from "web3";

const [url, compiled] = process.argv.slice(2);
const { abi, creation: data } = JSON.parse(readFileSync(compiled, "utf8"));
const web3 = new Web3(url);
const [alice, bob] = await web3.eth.getAccounts();

assert.equal(await web3.eth.getChainId(), 31_337n);
const before = await web3.eth.getBalance(bob);
const paid = await web3.eth.sendTransaction({ from: alice, to: bob, value: web3.utils.toWei("1.5", "ether") });
assert.equal(paid.status, 1n);
assert.equal((await web3.eth.getBalance(bob)) - before, 15n * 10n ** 17n);

const local = web3.eth.accounts.wallet.add(web3.eth.accounts.create())[0];
await web3.eth.sendTransaction({ from: alice, to: local.address, value: web3.utils.toWei("1", "ether") });
const signed = await web3.eth.sendTransaction({ from: local.address, to: bob, value: 5n });
assert.equal(signed.from, local.address.toLowerCase());

const contract = await new web3.eth.Contract(abi).deploy({ data, arguments: [7] }).send({ from: alice });
const added = await contract.methods.add(5).send({ from: bob });
assert.equal(added.events.Counted.returnValues.count, 12n);
assert.equal(await contract.methods.count().call(), 12n);
assert.equal((await contract.getPastEvents("Counted", { fromBlock: 0 })).length, 1);
const causeOf = (call) =>
  call.then(
    () => null,
    (error) => error.cause,
  );
assert.match((await causeOf(contract.methods.reset().call({ from: bob }))).message, /only the owner/);
assert.equal((await causeOf(contract.methods.add(1000).call({ from: bob }))).errorName, "TooMuch");

const socket = new Web3(url.replace("http", "ws"));
const heads = await socket.eth.subscribe("newHeads");
const head = new Promise((resolve) => heads.once("data", resolve));
await web3.eth.sendTransaction({ from: alice, to: bob, value: 1n });
assert.equal((await head).number, await web3.eth.getBlockNumber());
socket.currentProvider.disconnect();
