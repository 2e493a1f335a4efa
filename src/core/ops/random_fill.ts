/** @file Random numbers written into existing tensors. */
import { copyInto, newTensor } from "../kernels/copy.js";
import { observer } from "../observe.js";
import { defaultGenerator, type Generator } from "../random/generator.js";
import { fillNormal } from "../random/normal.js";
import { type FloatArray, fillUniform } from "../random/uniform.js";
import type { Tensor } from "../tensor.js";
import { beforeWrite } from "./write.js";

function fillRandomly(name: string, self: Tensor, draw: (out: FloatArray) => void): Tensor {
  beforeWrite(self);
  const values = newTensor(self._shape, self.dtype);
  if (values._numel > 0) draw(values._storage.data as FloatArray);
  copyInto(self, values, self.dtype);
  self._storage.version++;
  if (observer !== null) observer.onOp?.(name, [self], [self], null);
  return self;
}

/** Independent normal samples. */
export function normal_(self: Tensor, mean = 0, std = 1, generator: Generator = defaultGenerator): Tensor {
  return fillRandomly("normal_", self, (out) =>
    fillNormal(out, mean, std, generator, { contiguous: self._contiguous }),
  );
}

/** Independent uniform samples from [from, to). */
export function uniform_(self: Tensor, from = 0, to = 1, generator: Generator = defaultGenerator): Tensor {
  return fillRandomly("uniform_", self, (out) => fillUniform(out, from, to, generator));
}
