import { createRequire } from 'node:module';
import nodePath from 'node:path';

/** The folder of this code: of this file when run from sources or `dist`, of the one bundled file when published. */
export const HERE: string = typeof __dirname === 'string' ? __dirname : import.meta.dirname;

/** CommonJS `require` for what must be loaded late and synchronously; resolves as from this file. */
export const requireHere: NodeJS.Require = createRequire(nodePath.join(HERE, 'require-here.js'));
