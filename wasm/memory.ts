/** @file The kernels' memory: static data, then scratch space that the caller lays out. */

/** Where scratch space begins, in bytes. */
export function scratchStart(): usize {
  return (__heap_base + 15) & ~15;
}

/** Grows memory to hold `bytes` of scratch; false where there is no more to be had. */
export function reserve(bytes: usize): bool {
  const wanted = (scratchStart() + bytes + 0xffff) >>> 16;
  const have = <usize>memory.size();
  return wanted <= have || memory.grow(<i32>(wanted - have)) >= 0;
}
