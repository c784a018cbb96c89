// Hardhat 3 with Node's test runner, ethers and the network helpers.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { network } from "hardhat";

const { ethers, networkHelpers } = await network.connect("festina");

async function deploy() {
  const counter = await ethers.deployContract("Counter", [7]);
  await counter.waitForDeployment();
  return counter;
}

describe("Counter on festina dev", () => {
  it("counts, and says why it refuses", async () => {
    const counter = await networkHelpers.loadFixture(deploy);
    await (await counter.add(5)).wait();
    assert.equal(await counter.count(), 12n);
    const [, bob] = await ethers.getSigners();
    await assert.rejects(counter.connect(bob).reset(), /only the owner/);
  });

  it("is as it was deployed whenever the fixture is loaded again", async () => {
    assert.equal(await (await networkHelpers.loadFixture(deploy)).count(), 7n);
  });

  it("has its time moved and its blocks mined", async () => {
    const [block, now] = [await ethers.provider.getBlockNumber(), await networkHelpers.time.latest()];
    await networkHelpers.time.increase(3600);
    await networkHelpers.mine(10);
    assert.ok((await networkHelpers.time.latest()) >= now + 3600);
    assert.equal((await ethers.provider.getBlockNumber()) - block, 11);
  });

  it("lets anybody's name be used", async () => {
    const counter = await networkHelpers.loadFixture(deploy);
    const whale = "0x00000000000000000000000000000000000fe571";
    await networkHelpers.impersonateAccount(whale);
    await networkHelpers.setBalance(whale, 10n ** 18n);
    await (await counter.connect(await ethers.getSigner(whale)).add(3)).wait();
    assert.equal(await counter.count(), 10n);
  });
});
