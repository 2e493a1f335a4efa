export { gemm, gemmScratch } from "./gemm";
export { reserve, scratchStart } from "./memory";
