// Hardhat 2 with mocha, ethers and the network helpers.
const assert = require("node:assert/strict");
const { ethers, network } = require("hardhat");
const {
  impersonateAccount,
  loadFixture,
  mine,
  setBalance,
  setCode,
  setStorageAt,
  time,
} = require("@nomicfoundation/hardhat-network-helpers");

async function deploy() {
  const counter = await ethers.deployContract("Counter", [7]);
  await counter.waitForDeployment();
  return counter;
}

describe("Counter on festina dev", () => {
  it("counts, tells of it, and says why it refuses", async () => {
    const counter = await loadFixture(deploy);
    const receipt = await (await counter.add(5)).wait();
    assert.equal(receipt.logs[0].fragment.name, "Counted");
    assert.equal(await counter.count(), 12n);
    const refused = await counter.add(1000).catch((error) => error);
    assert.equal(counter.interface.parseError(refused.data).name, "TooMuch");
    const [, bob] = await ethers.getSigners();
    await assert.rejects(counter.connect(bob).reset(), /only the owner/);
  });

  it("is as it was deployed whenever the fixture is loaded again", async () => {
    assert.equal(await (await loadFixture(deploy)).count(), 7n);
  });

  it("has its time moved and its blocks mined", async () => {
    const [block, now] = [await ethers.provider.getBlockNumber(), await time.latest()];
    await time.increase(3600);
    await mine(10);
    assert.ok((await time.latest()) >= now + 3600);
    assert.equal((await ethers.provider.getBlockNumber()) - block, 11);
  });

  it("lets anybody's name be used and any account be set", async () => {
    const counter = await loadFixture(deploy);
    const whale = "0x00000000000000000000000000000000000fe571";
    await impersonateAccount(whale);
    await setBalance(whale, 10n ** 18n);
    await (await counter.connect(await ethers.getSigner(whale)).add(3)).wait();
    await setStorageAt(await counter.getAddress(), 0, 99);
    assert.equal(await counter.count(), 99n);
    await setCode(whale, "0x6001");
    assert.equal(await ethers.provider.getCode(whale), "0x6001");
  });

  it("takes snapshots back by hand", async () => {
    const id = await network.provider.send("evm_snapshot");
    const counter = await deploy();
    await network.provider.send("evm_revert", [id]);
    assert.equal(await ethers.provider.getCode(await counter.getAddress()), "0x");
  });
});
