/**
 * @file The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded as `at::mt19937` seeds it.
 *
 * The state is regenerated 624 words at a time; `left` and `next` are the fields that PyTorch's saved
 * generator states contain, so that states are interchangeable with `torch.get_rng_state()`.
 */

export const STATE_WORDS = 624;
const SHIFT = 397;
const MATRIX_A = 0x9908b0df;
const UPPER_BIT = 0x80000000;
const LOWER_BITS = 0x7fffffff;

export class Mt19937 {
  readonly state = new Uint32Array(STATE_WORDS);
  /** Words until the next regeneration, plus one. */
  left = 1;
  /** Index of the word that is drawn next. */
  next = 0;

  /** Seeds with the low 32 bits; PyTorch ignores the upper half of its 64-bit seeds. */
  constructor(seed: number) {
    let word = seed >>> 0;
    this.state[0] = word;
    for (let j = 1; j < STATE_WORDS; j++) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + j) >>> 0;
      this.state[j] = word;
    }
  }

  /** The next 32 bits, as an unsigned integer. */
  draw(): number {
    this.left -= 1;
    if (this.left === 0) this.regenerate();
    let y = this.state[this.next]!;
    this.next += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private regenerate(): void {
    const s = this.state;
    this.left = STATE_WORDS;
    this.next = 0;
    for (let j = 0; j < STATE_WORDS; j++) {
      const here = s[j]!;
      const after = s[j + 1 === STATE_WORDS ? 0 : j + 1]!;
      const mixed = (here & UPPER_BIT) | (after & LOWER_BITS);
      const far = s[j + SHIFT < STATE_WORDS ? j + SHIFT : j + SHIFT - STATE_WORDS]!;
      s[j] = far ^ (mixed >>> 1) ^ (after & 1 ? MATRIX_A : 0);
    }
  }
}
