/** @file The pages of a tensor's heat map: windows of its last two dims, slice by slice of the others. */

/** Rows and columns of a page. */
export const PAGE_SIDE = 32;

export interface HeatPage {
  /** Indices of the leading dims, outermost first. */
  readonly leading: readonly number[];
  /** Half-open. */
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  /** Of the element at `rows[0]`, `columns[0]`, in row-major order. */
  readonly offset: number;
  /** Elements from one row to the next. */
  readonly stride: number;
}

function indicesOf(flat: number, sizes: readonly number[]): number[] {
  const indices: number[] = [];
  let rest = flat;
  for (const size of [...sizes].reverse()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices;
}

function starts(size: number): number[] {
  return Array.from({ length: Math.ceil(size / PAGE_SIDE) }, (_, i) => i * PAGE_SIDE);
}

/** Pages of which any element is known, in the order of the elements; none for fewer than two dims. */
export function heatPages(shape: readonly number[], known: number): HeatPage[] {
  const [rows = 0, columns = 0] = shape.slice(-2);
  const pages: HeatPage[] = [];
  if (shape.length < 2 || rows * columns === 0) return pages;
  const leading = shape.slice(0, -2);
  const slices = leading.reduce((product, size) => product * size, 1);
  for (let slice = 0; slice < slices && slice * rows * columns < known; slice++) {
    for (const row of starts(rows)) {
      for (const column of starts(columns)) {
        const offset = slice * rows * columns + row * columns + column;
        if (offset >= known) continue;
        pages.push({
          leading: indicesOf(slice, leading),
          rows: [row, Math.min(rows, row + PAGE_SIDE)],
          columns: [column, Math.min(columns, column + PAGE_SIDE)],
          offset,
          stride: columns,
        });
      }
    }
  }
  return pages;
}

/** As Python slices it: `[3, 0:32, 32:64]`; a whole dim is `:`. */
export function pageText({ leading, rows, columns }: HeatPage, shape: readonly number[]): string {
  const [height = 0, width = 0] = shape.slice(-2);
  const slice = ([from, to]: readonly [number, number], size: number) =>
    from === 0 && to === size ? ":" : `${from}:${to}`;
  return `[${[...leading, slice(rows, height), slice(columns, width)].join(", ")}]`;
}
