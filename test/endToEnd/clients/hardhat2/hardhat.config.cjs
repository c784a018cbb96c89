const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
require("@nomicfoundation/hardhat-ethers");

// The compiler at hand instead of one that would be downloaded.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async ({ solcVersion }) => ({
  compilerPath: process.env.SOLC,
  isSolcJs: true,
  version: solcVersion,
  longVersion: solcVersion,
}));

module.exports = {
  solidity: { version: process.env.SOLC_VERSION, settings: { optimizer: { enabled: true } } },
  networks: { festina: { url: process.env.FESTINA_RPC } },
};
