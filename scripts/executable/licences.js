import fs from 'node:fs';
import path from 'node:path';
import { noticesOf } from '../third-party-notices.js';

const RULE = `\n${'='.repeat(80)}\n\n`;

/** The licences of an executable: of the program, of the packages that are bundled with it, and of Node. */
export function licencesText(root, metafile, parts) {
  const own = fs.readFileSync(path.join(root, 'LICENSE'), 'utf8');
  return [
    `docker-mtls is one file that consists of the program, of packages from npm and of Node.js ${parts.nodeVersion()},\nwhich holds further libraries. Their licences follow, in this order.\n`,
    own,
    noticesOf(metafile, root),
    `Node.js ${parts.nodeVersion()}\n\n${fs.readFileSync(parts.nodeLicence(), 'utf8')}`,
  ].join(RULE);
}
