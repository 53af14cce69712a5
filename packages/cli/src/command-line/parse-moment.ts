const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z)?$/;

/**
 * `2026-06-01`, which is its first moment in UTC, or `2026-06-01T12:00:00Z`, in milliseconds since 1970. Undefined for anything
 * else, days that no month has included.
 */
export function parseMoment(text: string): number | undefined {
  const date = new Date(MOMENT.test(text) ? text : Number.NaN);
  if (Number.isNaN(date.getTime())) return undefined;
  return date.toISOString().startsWith(text.slice(0, 10)) ? date.getTime() : undefined;
}
