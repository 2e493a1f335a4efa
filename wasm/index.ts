export { gatherColumns, scatterColumns } from "./columns";
export { gemm, gemmScratch } from "./gemm";
export { map1, map2 } from "./map";
export { reserve, scratchStart } from "./memory";
export { softmaxBackwardRows, softmaxRows } from "./softmax";
export { sumColumns, sumRows } from "./sum";
