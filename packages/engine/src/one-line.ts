import { isPlain, unicodePattern } from '@docker-mtls/errors';

const LONGEST = 300;

/** A program's words for a person's terminal: on one line, nothing that a terminal obeys, not too long. */
export function oneLine(text: string): string {
  const clean = (isPlain(text) ? text : withoutControls(text)).trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean;
}

function withoutControls(text: string): string {
  return text.replaceAll(unicodePattern(String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+`, 'g'), ' ');
}
