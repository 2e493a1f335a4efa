/** @file Messages between the page and the layout worker. */
import type { LayoutInput, LayoutResult } from "./types.js";

export type ToLayoutWorker =
  | { readonly kind: "layout"; readonly request: number; readonly input: LayoutInput }
  | { readonly kind: "cancel"; readonly request: number };

/** Every request ends with exactly one of `result`, `cancelled` and `error`. */
export type FromLayoutWorker =
  | { readonly kind: "progress"; readonly request: number; readonly done: number }
  | { readonly kind: "result"; readonly request: number; readonly result: LayoutResult }
  | { readonly kind: "cancelled"; readonly request: number }
  | {
      readonly kind: "error";
      readonly request: number;
      readonly message: string;
      /** The input was at fault, not the layout. */
      readonly badInput: boolean;
    };
