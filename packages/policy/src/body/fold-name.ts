/**
 * The name of a member as encoding/json compares it: letters without case. Outside of ASCII only U+017F and U+212A fold
 * to a letter of a field's name.
 */
export function foldName(name: string): string {
  return name
    .replaceAll('\u017f', 's')
    .replaceAll('\u212a', 'k')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
