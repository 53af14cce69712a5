const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;

/** A part of each day, in minutes after midnight by the clock on the wall. One that ends before it starts crosses midnight. */
export type DailyWindow = { readonly start: number; readonly end: number };

/** `02:00-04:00`; undefined where the text is no window. */
export function parseWindow(text: string): DailyWindow | undefined {
  const [, ...numbers] = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  const [startHour, startMinute, endHour, endMinute] = numbers.map(Number);
  if (
    startHour === undefined ||
    startMinute === undefined ||
    endHour === undefined ||
    endMinute === undefined
  )
    return undefined;
  const window = { start: startHour * 60 + startMinute, end: endHour * 60 + endMinute };
  return window.start === window.end ? undefined : window;
}

/** How many minutes it is open, on a day of 24 hours. */
export function minutesOpen({ start, end }: DailyWindow): number {
  return (end - start + DAY_MINUTES) % DAY_MINUTES;
}

/** Minutes after midnight on the clock on the wall. */
export type WallClock = (at: Date) => number;

/** By the time zone of this process. */
const HERE: WallClock = (at) => at.getHours() * 60 + at.getMinutes();

/** The end itself is outside. */
export function isOpen({ start, end }: DailyWindow, at: Date, clock: WallClock = HERE): boolean {
  const minute = clock(at);
  return start < end ? start <= minute && minute < end : start <= minute || minute < end;
}

/** A window that a change of the clock leaves out altogether comes the next day. */
const DAYS_SEARCHED = 3;

/**
 * When the window is open next, and until when. Minutes are counted one by one on the clock on the wall, so a day of 23 or
 * 25 hours has its window where people expect it. Now, where it is open.
 */
export function nextWindow(
  window: DailyWindow,
  now: Date,
  clock: WallClock = HERE,
): { readonly opens: Date; readonly closes: Date } {
  const opens = isOpen(window, now, clock) ? now : search(now, (at) => isOpen(window, at, clock));
  return { opens, closes: search(opens, (at) => !isOpen(window, at, clock)) };
}

/** The first whole minute after a moment that is as asked for. */
function search(from: Date, isWanted: (at: Date) => boolean): Date {
  const first = (Math.floor(from.getTime() / MINUTE) + 1) * MINUTE;
  for (let time = first; time < first + DAYS_SEARCHED * DAY_MINUTES * MINUTE; time += MINUTE) {
    const at = new Date(time);
    if (isWanted(at)) return at;
  }
  throw new Error('a window of each day did not come in three days');
}
