import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The folder of the running file: `src` or `dist` of this package, or where the published, bundled file is. */
export const HERE: string = fileURLToPath(new URL('.', import.meta.url));

/** CommonJS `require`, for what must be loaded late and synchronously; resolves as from here. */
export const requireHere: NodeJS.Require = createRequire(import.meta.url);
