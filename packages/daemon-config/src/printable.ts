/** Replaces what a terminal would obey or hide (C1 controls, DEL, direction marks) by its escape; tabs stay. */
export function printable(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
