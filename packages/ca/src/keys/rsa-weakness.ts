import { checkPrimeSync } from 'node:crypto';
import { hasSmallFactor } from './small-factor.ts';

/**
 * How a modulus was chosen badly, so that anybody finds its factors; `undefined` where no way is known. The list is
 * Boulder's (goodkey), and what it leaves open: a prime, and the power of a prime.
 */
export function modulusWeakness(modulus: Buffer): string | undefined {
  if (hasSmallFactor(modulus)) return 'an RSA key whose modulus has a small factor';
  const number = BigInt(`0x${modulus.toString('hex')}`);
  if (isRoca(number)) return 'an RSA key made by a faulty chip (ROCA, CVE-2017-15361)';
  if (areFactorsClose(number)) return 'an RSA key whose two primes are close (Fermat finds them)';
  if (isPower(number)) return 'an RSA key whose modulus is the power of one number';
  return checkPrimeSync(modulus, { checks: 1 }) ? 'an RSA key whose modulus is a prime' : undefined;
}

/** Order of the subgroup that 65537 generates modulo each prime: Nemec et al., "The Return of Coppersmith's Attack", 2017. */
const ROCA_ORDERS: readonly (readonly [order: number, prime: number])[] = [
  [2, 11],
  [6, 13],
  [8, 17],
  [9, 19],
  [3, 37],
  [26, 53],
  [20, 61],
  [35, 71],
  [24, 73],
  [13, 79],
  [6, 97],
  [51, 103],
  [53, 107],
  [54, 109],
  [42, 127],
  [50, 151],
  [78, 157],
];

/** Infineon's library made primes that are powers of 65537 modulo each of these, and so is their product. */
function isRoca(modulus: bigint): boolean {
  return ROCA_ORDERS.every(
    ([order, prime]) => powerModulo(Number(modulus % BigInt(prime)), order, prime) === 1,
  );
}

function powerModulo(base: number, exponent: number, modulus: number): number {
  let power = 1;
  for (let count = 0; count < exponent; count += 1) power = (power * base) % modulus;
  return power;
}

// Boulder takes 100 rounds at least; one finds primes that differ in their lower half alone (CVE-2022-26320).
const FERMAT_ROUNDS = 110;

/** Is the modulus a square, or a² - b² for an a that is near its root? */
function areFactorsClose(modulus: bigint): boolean {
  let root = integerRoot(modulus, 2);
  if (root * root === modulus) return true;
  for (let round = 0; round < FERMAT_ROUNDS; round += 1) {
    root += 1n;
    if (isSquare(root * root - modulus)) return true;
  }
  return false;
}

function isSquare(number: bigint): boolean {
  if (!mayBePower(number, 2)) return false;
  const root = integerRoot(number, 2);
  return root * root === number;
}

/** Without small factors, each prime of the root has at least nine bits. A power has a prime exponent, too. */
function isPower(modulus: bigint): boolean {
  const highest = Math.floor(modulus.toString(2).length / 9);
  for (let exponent = 2; exponent <= highest; exponent += 1) {
    const isOne = isPrime(exponent) && mayBePower(modulus, exponent);
    if (isOne && integerRoot(modulus, exponent) ** BigInt(exponent) === modulus) return true;
  }
  return false;
}

const WITNESSES = 6;

/**
 * Modulo a prime q = k * exponent + 1, only one number of `exponent` is a power: taking the root, which is slow, is spared
 * nearly always.
 */
function mayBePower(number: bigint, exponent: number): boolean {
  let witnesses = 0;
  for (let k = 1; witnesses < WITNESSES; k += 1) {
    const prime = k * exponent + 1;
    if (prime <= 3 || !isPrime(prime)) continue;
    witnesses += 1;
    if (powerModulo(Number(number % BigInt(prime)), k, prime) > 1) return false;
  }
  return true;
}

function isPrime(number: number): boolean {
  for (let factor = 2; factor * factor <= number; factor += 1) if (number % factor === 0) return false;
  return number > 1;
}

/** The largest integer whose power is no more than the number, by Newton's method from above. */
function integerRoot(number: bigint, exponent: number): bigint {
  if (number < 2n) return number;
  const degree = BigInt(exponent);
  let root = 1n << BigInt(Math.ceil(number.toString(2).length / exponent));
  for (;;) {
    const next = ((degree - 1n) * root + number / root ** (degree - 1n)) / degree;
    if (next >= root) return root;
    root = next;
  }
}
