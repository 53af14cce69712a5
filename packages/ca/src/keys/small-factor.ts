// CA/Browser Forum Baseline Requirements section 6.1.6: a modulus has no factor below 752.
const BOUND = 752;

/** Has this RSA modulus, given by its octets, a factor that anybody finds by trying? */
export function hasSmallFactor(modulus: Buffer): boolean {
  const primes = primesBelow(BOUND).map(BigInt);
  // One division of the large number; the rest is small.
  const product = primes.reduce((so, prime) => so * prime, 1n);
  const rest = BigInt(`0x${modulus.toString('hex')}`) % product;
  return primes.some((prime) => rest % prime === 0n);
}

/** Sought when they are needed: few commands see an RSA key. */
function primesBelow(bound: number): readonly number[] {
  const primes: number[] = [];
  for (let number = 2; number < bound; number += 1)
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  return primes;
}
