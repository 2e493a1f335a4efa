/** @file Kernels of resampling: each is a linear map that a plan describes, or moves elements. */
import { contiguousOf, newTensor } from "../../kernels/copy.js";
import { permute, view } from "../../kernels/views.js";
import { type Shape, sizeOf } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";
import { accumulated } from "../neural/windows.js";
import { resample, type Taps } from "./taps.js";

type Dims = readonly number[];
const forward = (self: Tensor, plan: readonly Taps[]): Tensor => resample(self, plan, false);

/** Elements moved: viewed in parts, the parts' order changed, and viewed again. */
function moved(self: Tensor, parts: Dims, order: Dims, shape: Dims): Tensor {
  return view(contiguousOf(permute(view(contiguousOf(self), parts), order)), shape);
}

function pixelShuffle(self: Tensor, r: number): Tensor {
  const lead = self._shape.slice(0, -3);
  const n = lead.length;
  const [c, h, w] = self._shape.slice(-3) as [number, number, number];
  const out = c / (r * r);
  const order = [...lead.keys(), n, n + 3, n + 1, n + 4, n + 2];
  return moved(self, [...lead, out, r, r, h, w], order, [...lead, out, h * r, w * r]);
}

function pixelUnshuffle(self: Tensor, r: number): Tensor {
  const lead = self._shape.slice(0, -3);
  const n = lead.length;
  const [c, h, w] = self._shape.slice(-3) as [number, number, number];
  const order = [...lead.keys(), n, n + 2, n + 4, n + 1, n + 3];
  return moved(self, [...lead, c, h / r, r, w / r, r], order, [...lead, c * r * r, h / r, w / r]);
}

function channelShuffle(self: Tensor, groups: number): Tensor {
  const [n, c] = self._shape as Shape as [number, number];
  const area = self._shape.slice(2).reduce((a, d) => a * d, 1);
  return moved(self, [n, groups, c / groups, area], [0, 2, 1, 3], self._shape);
}

/** Visits every (column element, image element) pair of sliding blocks; `visit` gets -1 outside of the image. */
function forEachBlock(
  image: Dims,
  [kernel, dilation, padding, stride]: readonly [Dims, Dims, Dims, Dims],
  visit: (column: number, pixel: number) => void,
): void {
  const [c, h, w] = image as [number, number, number];
  const [oh, ow] = blockCounts([h, w], kernel, dilation, padding, stride) as [number, number];
  let column = 0;
  for (let channel = 0; channel < c; channel++) {
    for (let i = 0; i < kernel[0]!; i++) {
      for (let j = 0; j < kernel[1]!; j++) {
        for (let p = 0; p < oh; p++) {
          const y = p * stride[0]! - padding[0]! + i * dilation[0]!;
          for (let q = 0; q < ow; q++, column++) {
            const x = q * stride[1]! - padding[1]! + j * dilation[1]!;
            if (y >= 0 && y < h && x >= 0 && x < w) visit(column, (channel * h + y) * w + x);
          }
        }
      }
    }
  }
}

/** How many blocks fit in each dimension. */
export function blockCounts(
  sizes: Dims,
  kernel: Dims,
  dilation: Dims,
  padding: Dims,
  stride: Dims,
): number[] {
  return sizes.map((n, d) => {
    return Math.floor((n + 2 * padding[d]! - dilation[d]! * (kernel[d]! - 1) - 1) / stride[d]!) + 1;
  });
}

type Blocks = [kernel: Dims, dilation: Dims, padding: Dims, stride: Dims];

/** Sliding blocks of [N, C, H, W] as columns [N, C · kernel, blocks]. */
function im2col(self: Tensor, ...blocks: Blocks): Tensor {
  const x = contiguousOf(self);
  const [n, c, h, w] = x._shape as Shape as [number, number, number, number];
  const [kernel, dilation, padding, stride] = blocks;
  const rows = c * kernel[0]! * kernel[1]!;
  const count = blockCounts([h, w], kernel, dilation, padding, stride).reduce((a, b) => a * b, 1);
  const out = newTensor(sizeOf([n, rows, count]), x.dtype);
  const from = x._storage.data as NumberArray;
  const to = out._storage.data as NumberArray;
  for (let b = 0; b < n; b++) {
    forEachBlock([c, h, w], [kernel, dilation, padding, stride], (column, pixel) => {
      to[b * rows * count + column] = from[x._offset + b * c * h * w + pixel]!;
    });
  }
  return out;
}

/** Columns [N, C · kernel, blocks] added up into the image they were taken from. */
function col2im(self: Tensor, size: Dims, ...blocks: Blocks): Tensor {
  const x = contiguousOf(self);
  const [n, rows, count] = x._shape as Shape as [number, number, number];
  const [kernel, dilation, padding, stride] = blocks;
  const c = rows / (kernel[0]! * kernel[1]!);
  const area = size[0]! * size[1]!;
  const from = x._storage.data as NumberArray;
  return accumulated([n, c, ...size], self, (out) => {
    const to = out._storage.data as NumberArray;
    for (let b = 0; b < n; b++) {
      forEachBlock([c, ...size], [kernel, dilation, padding, stride], (column, pixel) => {
        to[b * c * area + pixel]! += from[x._offset + b * rows * count + column]!;
      });
    }
  });
}

export const resampleKernels = {
  upsample_nearest1d: forward,
  upsample_nearest2d: forward,
  upsample_nearest3d: forward,
  _upsample_nearest_exact1d: forward,
  _upsample_nearest_exact2d: forward,
  _upsample_nearest_exact3d: forward,
  upsample_linear1d: forward,
  upsample_bilinear2d: forward,
  upsample_trilinear3d: forward,
  upsample_bicubic2d: forward,
  reflection_pad1d: forward,
  reflection_pad2d: forward,
  reflection_pad3d: forward,
  replication_pad1d: forward,
  replication_pad2d: forward,
  replication_pad3d: forward,
  resample_backward: (grad: Tensor, plan: readonly Taps[]) => resample(grad, plan, true),
  pixel_shuffle: pixelShuffle,
  pixel_unshuffle: pixelUnshuffle,
  channel_shuffle: channelShuffle,
  im2col,
  col2im,
};
