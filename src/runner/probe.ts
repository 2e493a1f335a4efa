/** @file The probe that the program's instrumented modules share, with the watching thread's wishes heeded. */
import type { Probe } from "../instrument/probe.js";
import { createProbe } from "../instrument/reference-probe.js";
import { CELL_ATTEND, type Cell } from "./cell.js";

/** `attend` is called at a loop's or function's next turn after the watching thread asked for attention. */
export function createProgramProbe(
  cell: Cell,
  bound: (site: number, value: object) => void,
  attend: () => void,
): Probe {
  const probe = createProbe({ cell, bound });
  const { iterate, iterateIn, spin, enter } = probe;
  return {
    ...probe,
    iterate(depth) {
      if (cell[CELL_ATTEND] !== 0) attend();
      iterate(depth);
    },
    iterateIn(loop) {
      if (cell[CELL_ATTEND] !== 0) attend();
      iterateIn(loop);
    },
    spin(site, index) {
      if (cell[CELL_ATTEND] !== 0) attend();
      spin(site, index);
    },
    enter(site) {
      if (cell[CELL_ATTEND] !== 0) attend();
      return enter(site);
    },
  };
}
