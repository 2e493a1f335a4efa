/** @file The compiler as the runner loads it (dist/typescript.cjs). */
import { join } from "node:path";
import { loadCode } from "../code/loadCode.js";
import { KEEP_CODE } from "./keepCode.js";

const { exports, keep } = loadCode(join(__dirname, "typescript.code.js"), require);
if (keep !== null) Object.defineProperty(globalThis, KEEP_CODE, { configurable: true, value: keep });

export const typescript = exports;
