const LONGEST = 80;

/** Text from outside, in double quotes, cut, and without a character that a terminal would obey or hide. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text.slice(0, LONGEST)).replaceAll(
    /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  const isWhole = text.length <= LONGEST && quoted.length <= LONGEST;
  return isWhole ? quoted : `${quoted.slice(0, LONGEST)}…"`;
}
