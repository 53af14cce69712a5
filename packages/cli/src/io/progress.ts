import { writeAll, writeText } from './write-stream.ts';

/** How much of a piece of work is done. */
export type Part = { readonly done: number; readonly of: number };

const WIDTH = 24;
/** To the start of the line, and nothing on it. */
const CLEAR = '\r\u001B[2K';

let isDrawn = false;

/** `[######------]  50 %  renewed 500 of 1000…` */
export function progressBar({ done, of }: Part, message: string): string {
  const share = Math.min(1, done / Math.max(1, of));
  const full = Math.floor(share * WIDTH);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${percent} %  ${message}`;
}

/** Tells somebody at a terminal how far the work is: on a line of its own, or as a bar that takes the place of the one before. */
export function showProgress(message: string, part?: Part): void {
  endProgress();
  if (part === undefined) writeText(2, `${message}\n`);
  else if (part.done < part.of) {
    writeText(2, progressBar(part, message));
    isDrawn = true;
  }
}

/** Removes the bar, before anything else is written there. */
export function endProgress(): void {
  if (isDrawn) writeAll(2, CLEAR);
  isDrawn = false;
}
