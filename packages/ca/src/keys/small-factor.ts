// CA/Browser Forum Baseline Requirements section 6.1.6: a modulus has no factor below 752.
const BOUND = 752;

/** Has this RSA modulus, given by its octets, a factor that anybody finds by trying? */
export function hasSmallFactor(modulus: Buffer): boolean {
  // One division of the large number; the rest is small.
  const rest = BigInt(`0x${modulus.toString('hex')}`) % PRODUCT;
  return PRIMES.some((prime) => rest % prime === 0n);
}

const PRIMES: readonly bigint[] = primesBelow(BOUND);
const PRODUCT = PRIMES.reduce((product, prime) => product * prime, 1n);

function primesBelow(bound: number): readonly bigint[] {
  const primes: number[] = [];
  for (let number = 2; number < bound; number += 1)
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  return primes.map(BigInt);
}
