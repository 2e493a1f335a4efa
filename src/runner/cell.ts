/** @file The few integers that the program's thread and the watching thread share. */
import { CELL } from "../instrument/probe.js";
import type { Position } from "../protocol/control.js";

/** What the watching thread wants from the program's thread; 0: nothing. */
export const CELL_ATTEND = CELL.length;
/** Counts messages to the program's thread, which waits on it when it has nothing else to do. */
export const CELL_WAKE = CELL.length + 1;
const LENGTH = CELL.length + 2;

/** Bits of CELL_ATTEND. */
export const ATTEND_FLUSH = 1;
export const ATTEND_END = 2;
/** Commands have arrived that can't wait until the program is idle. */
export const ATTEND_COMMAND = 4;
/** Set by the program's thread itself: the debugger wants to hear of the next loop iteration or call. */
export const ATTEND_STEP = 8;

export type Cell = Int32Array<SharedArrayBuffer>;

export function createCell(): Cell {
  const cell = new Int32Array(new SharedArrayBuffer(LENGTH * Int32Array.BYTES_PER_ELEMENT));
  cell[CELL.site] = -1;
  cell[CELL.loop] = -1;
  cell[CELL.iteration] = -1;
  return cell;
}

export function positionOf(cell: Cell): Position {
  return { site: cell[CELL.site]!, loop: cell[CELL.loop]!, iteration: cell[CELL.iteration]! };
}
