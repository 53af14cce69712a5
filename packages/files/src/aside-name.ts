import { lstatIfExists } from './look.ts';

/** A name beside a path for what stands there and has to give way; two within one second get names of their own. */
export function asideName(path: string, now: Date): string {
  const stem = `${path}.${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  for (let count = 0; ; count++) {
    const name = `${stem}${count === 0 ? '' : `-${count}`}.bak`;
    if (lstatIfExists(name) === undefined) return name;
  }
}
