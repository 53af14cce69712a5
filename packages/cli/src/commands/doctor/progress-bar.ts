import type { Io } from '../../io/io.ts';

const WIDTH = 30;
const MILLISECONDS = 1000;

/** A bar for the person who waits, once a second at most; nothing for a few targets. */
export function progressBar(io: Io): (done: number, all: number) => void {
  let next = io.now().getTime() + MILLISECONDS;
  return (done, all) => {
    const now = io.now().getTime();
    if (now < next || done === all) return;
    next = now + MILLISECONDS;
    const full = Math.floor((WIDTH * done) / all);
    io.progress?.(`[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${done} of ${all}`);
  };
}
