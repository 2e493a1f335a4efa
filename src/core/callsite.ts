/** @file Where in the user's program we are: one integer, stored by the instrumentation's probes. */

/**
 * Element 0 of `cell` is the id of the user's current call site. The cell is replaceable, so that a
 * runner can lay it over a `SharedArrayBuffer`.
 */
export const callSite: { cell: Int32Array } = { cell: new Int32Array(1) };
