import fs from 'node:fs';
import path from 'node:path';
import { which } from './engine-install.ts';

/**
 * Has the real ssh read `folder/config` instead of the user's own files and the machine's (it finds those by the user's
 * number, not by $HOME). Returns the folder that must come first in the PATH of the process that runs ssh.
 */
export function ownSsh(folder: string): string {
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  const script = `#!/bin/sh\nexec ${which('ssh')} -F ${folder}/config "$@"\n`;
  fs.writeFileSync(path.join(bin, 'ssh'), script, { mode: 0o755 });
  return bin;
}
