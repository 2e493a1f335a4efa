/** @file `torch.Generator` for the CPU: the engine, its seed, and the normal sample kept for the next call. */

import { RuntimeError, ValueError } from "../errors.js";
import { Mt19937, STATE_WORDS } from "./mt19937.js";

/** The seed of a new `torch.Generator()`. */
const DEFAULT_SEED = 67280421310721n;
const TWO_64 = 1n << 64n;
const MIN_SEED = -(1n << 63n);

/**
 * Byte offsets in a saved state, as `torch.get_rng_state()` lays them out: seed (u64), left (i32),
 * seeded (i32), next (u64), 624 words in the low halves of u64s, the doubles normal_x, normal_y (the kept
 * sample) and normal_rho, normal_is_valid (i32), and a float sample that CPU code never keeps.
 */
const STATE = { seed: 0, left: 8, seeded: 12, next: 16, words: 24, kept: 24 + 8 * STATE_WORDS + 8 };
const STATE_KEPT_VALID = STATE.kept + 16;
export const STATE_BYTES = 5056;

export class Generator {
  private engine = new Mt19937(Number(DEFAULT_SEED & 0xffff_ffffn));
  private currentSeed = DEFAULT_SEED;

  /**
   * The second of two Box–Muller samples, standard normal, which the next scalar draw uses up; PyTorch's
   * `next_double_normal_sample`. Vectorised draws neither use nor clear it.
   */
  keptNormal: number | null = null;

  /**
   * Restarts the stream. Takes what fits in 64 bits, signed or unsigned; negative seeds count down from
   * 2^64. Only the low 32 bits choose the stream.
   *
   * @throws ValueError past 64 bits, or where the seed is no finite number.
   */
  manual_seed(seed: number | bigint): this {
    const wide = toBigInt(seed);
    if (wide >= TWO_64 || wide < MIN_SEED) throw new ValueError("Overflow when unpacking long long");
    this.currentSeed = BigInt.asUintN(64, wide);
    this.engine = new Mt19937(Number(this.currentSeed & 0xffff_ffffn));
    this.keptNormal = null;
    return this;
  }

  /** The seed in force: a number, or a bigint where a number could not hold it. */
  initial_seed(): number | bigint {
    const seed = this.currentSeed;
    return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed;
  }

  /** Seeds from chance (53 bits of `Math.random`, the core having no other source) and returns the seed. */
  seed(): number | bigint {
    this.manual_seed(Math.floor(Math.random() * 2 ** 53));
    return this.initial_seed();
  }

  /** The next 32 bits, unsigned. */
  random(): number {
    return this.engine.draw();
  }

  /** The next 64 bits; the word drawn first is the upper half. */
  random64(): bigint {
    const upper = BigInt(this.engine.draw());
    return (upper << 32n) | BigInt(this.engine.draw());
  }

  /** The low 53 of the next 64 bits, as a number. */
  random53(): number {
    const upper = this.engine.draw() & 0x1f_ffff;
    return upper * 2 ** 32 + this.engine.draw();
  }

  /** An independent generator that continues with the same stream. */
  clone_state(): Generator {
    const copy = new Generator();
    copy.setStateBytes(this.stateBytes());
    return copy;
  }

  /** The bytes of `torch.get_rng_state()`. */
  stateBytes(): Uint8Array {
    const bytes = new Uint8Array(STATE_BYTES);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(STATE.seed, this.currentSeed, true);
    view.setInt32(STATE.left, this.engine.left, true);
    view.setInt32(STATE.seeded, 1, true);
    view.setUint32(STATE.next, this.engine.next, true);
    this.engine.state.forEach((word, i) => {
      view.setUint32(STATE.words + 8 * i, word, true);
    });
    view.setFloat64(STATE.kept, this.keptNormal ?? 0, true);
    view.setInt32(STATE_KEPT_VALID, this.keptNormal === null ? 0 : 1, true);
    return bytes;
  }

  /**
   * Continues from a saved state, ours or PyTorch's.
   *
   * @throws RuntimeError for bytes that are no state of an MT19937 generator.
   */
  setStateBytes(bytes: Uint8Array): this {
    if (bytes.length !== STATE_BYTES) {
      throw new RuntimeError(
        `Expected either a CPUGeneratorImplStateLegacy of size ${STATE_BYTES - 8} or a CPUGeneratorImplState` +
          ` of size ${STATE_BYTES} but found the input RNG state size to be ${bytes.length}`,
      );
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const left = view.getInt32(STATE.left, true);
    const next = view.getUint32(STATE.next, true);
    const seeded = view.getInt32(STATE.seeded, true) === 1;
    if (!seeded || left <= 0 || left > STATE_WORDS || next > STATE_WORDS) {
      throw new RuntimeError("Invalid mt19937 state");
    }
    this.currentSeed = view.getBigUint64(STATE.seed, true);
    this.engine.left = left;
    this.engine.next = next;
    for (let i = 0; i < STATE_WORDS; i++) {
      this.engine.state[i] = view.getUint32(STATE.words + 8 * i, true);
    }
    const valid = view.getInt32(STATE_KEPT_VALID, true) !== 0;
    this.keptNormal = valid ? view.getFloat64(STATE.kept, true) : null;
    return this;
  }
}

/** Python's `int(seed)`. */
function toBigInt(seed: number | bigint): bigint {
  if (typeof seed === "bigint") return seed;
  if (Number.isNaN(seed)) throw new ValueError("cannot convert float NaN to integer");
  if (!Number.isFinite(seed)) throw new ValueError("cannot convert float infinity to integer");
  return BigInt(Math.trunc(seed));
}

/** What every draw uses that is given no generator; seeded from chance until `torch.manual_seed`. */
export const defaultGenerator: Generator = new Generator();
defaultGenerator.seed();
