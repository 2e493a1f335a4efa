/** @file The default generator's state, for programs that put it back. */
import { uint8 } from "../dtype.js";
import { PyTypeError } from "../errors.js";
import { newTensor } from "../kernels/copy.js";
import { defaultGenerator, STATE_BYTES } from "../random/generator.js";
import { sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";

/** The state of the random stream: a uint8 tensor, byte for byte PyTorch's. */
export function get_rng_state(): Tensor {
  const out = newTensor(sizeOf([STATE_BYTES]), uint8);
  (out._storage.data as Uint8Array).set(defaultGenerator.stateBytes());
  return out;
}

/** Continues the random stream from a saved state. */
export function set_rng_state(new_state: Tensor): void {
  if (!(new_state instanceof Tensor) || new_state.dtype !== uint8) {
    throw new PyTypeError("RNG state must be a torch.ByteTensor");
  }
  defaultGenerator.setStateBytes(Uint8Array.from(new_state.tolist() as number[]));
}

/** The seed in force. */
export function initial_seed(): number | bigint {
  return defaultGenerator.initial_seed();
}

/** Seeds from chance; answers the seed. */
export function seed(): number | bigint {
  return defaultGenerator.seed();
}
