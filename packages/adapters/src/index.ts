// kernels
export { createKeccak, createKeccakKernel, type KeccakKernel } from "./kernels/keccakKernel.ts";
export { loadKernel } from "./kernels/loadKernel.ts";
