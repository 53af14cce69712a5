import fs from 'node:fs';
import nodePath from 'node:path';
import { componentsOf, MOST_LINKS, tooManyLinks } from './walk.ts';

/** A symbolic link on the way to a path, and the real folder that it is in. */
export type LinkOnWay = { readonly folder: string; readonly link: fs.Stats };

/** All links that the kernel follows to an absolute path, the path's own included, as far as it exists. */
export function linksOnWay(path: string): readonly LinkOnWay[] {
  const found: LinkOnWay[] = [];
  const names = componentsOf(path);
  let folder = '/';
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const place = nodePath.join(folder, name);
    const stats = fs.lstatSync(place, { throwIfNoEntry: false });
    if (stats === undefined) return found;
    if (!stats.isSymbolicLink()) {
      folder = place;
      continue;
    }
    if (found.length === MOST_LINKS) throw tooManyLinks();
    found.push({ folder, link: stats });
    const target = fs.readlinkSync(place);
    if (target.startsWith('/')) folder = '/';
    names.unshift(...componentsOf(target));
  }
  return found;
}
