/** Bytes that the seed fixes, of so many different values. */
export function randomBytes(seed: number, size: number, variety: number): Uint8Array {
  let state = (seed + 1) * 2_654_435_761;
  return Uint8Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % variety;
  });
}
