import fs from 'node:fs';
import path from 'node:path';
import { cliJson } from '../support/cli.ts';
import { temporaryFolder } from '../support/temp.ts';
import { inHome } from './kill-everywhere.ts';

/** A home folder with nothing in it but a temporary folder. */
export function newHome(): string {
  const home = temporaryFolder();
  fs.mkdirSync(path.join(home, 'tmp'));
  return home;
}

/** A home folder with a CA, the server node1 and the client bob. */
export async function homeWithPairs(): Promise<string> {
  const home = newHome();
  await cliJson(['init-ca'], inHome(home));
  await cliJson(['issue-server', 'node1'], inHome(home));
  await cliJson(['issue-client', 'bob'], inHome(home));
  return home;
}
