/**
 * Compares versions of Debian packages (deb-version(7)): below 0 where the first is older. Digits compare as numbers, a
 * tilde sorts before the end, letters before other characters.
 */
export function compareDebianVersions(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = comparePart(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** Epoch and the text in turns of other characters and digits: the first part is never digits. */
function partsOf(version: string): readonly string[] {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? [];
  return [epoch, ...(rest.match(/\d+|\D+/g) ?? [])].flatMap((part, at) =>
    at === 1 && /^\d/.test(part) ? ['', part] : [part],
  );
}

function comparePart(one: string, other: string): number {
  const areNumbers = /^\d*$/.test(one) && /^\d*$/.test(other);
  if (areNumbers) return Math.sign(Number(one) - Number(other));
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const order = weight(one[index]) - weight(other[index]);
    if (order !== 0) return Math.sign(order);
  }
  return 0;
}

function weight(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined || /\d/.test(character)) return 0;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
