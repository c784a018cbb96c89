import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import networkHelpers from "@nomicfoundation/hardhat-network-helpers";
import nodeTestRunner from "@nomicfoundation/hardhat-node-test-runner";
import { defineConfig } from "hardhat/config";

export default defineConfig({
  plugins: [hardhatEthers, networkHelpers, nodeTestRunner],
  // The compiler at hand instead of one that would be downloaded.
  solidity: { version: process.env.SOLC_VERSION, path: process.env.SOLC },
  networks: { festina: { type: "http", chainType: "l1", url: process.env.FESTINA_RPC } },
});
