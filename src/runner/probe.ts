/** @file The probe that the program's instrumented modules share, with the watching thread's wishes heeded. */
import { FRAME, type Probe } from "../instrument/probe.js";
import { createProbe } from "../instrument/reference-probe.js";
import { CELL_ATTEND, type Cell } from "./cell.js";

/**
 * `attend` is called, with the site of a loop or function, at its next turn after somebody asked for attention
 * through the cell.
 */
export function createProgramProbe(
  cell: Cell,
  bound: (site: number, value: object) => void,
  attend: (site: number) => void,
): Probe {
  const probe = createProbe({ cell, bound });
  const { iterate, iterateIn, spin, enter } = probe;
  return {
    ...probe,
    iterate(depth) {
      if (cell[CELL_ATTEND] !== 0) attend(probe.stack[depth * FRAME.length + FRAME.site]!);
      iterate(depth);
    },
    iterateIn(loop) {
      if (cell[CELL_ATTEND] !== 0) attend(loop.site);
      iterateIn(loop);
    },
    spin(site, index) {
      if (cell[CELL_ATTEND] !== 0) attend(site);
      spin(site, index);
    },
    enter(site) {
      if (cell[CELL_ATTEND] !== 0) attend(site);
      return enter(site);
    },
  };
}
