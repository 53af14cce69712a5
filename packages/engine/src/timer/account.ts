import fs from 'node:fs';

/** A user as a unit names them. */
export type Account = { readonly uid: number; readonly name: string; readonly home: string | undefined };

/** The account of a number; where no file of this machine lists it, the number is its name. */
export function accountOf(uid: number): Account {
  for (const line of linesOf('/etc/passwd')) {
    const [name = '', , number, , , home = ''] = line.split(':');
    if (Number(number) === uid && /^[\w.-]+$/.test(name))
      return { uid, name, home: home.startsWith('/') ? home : undefined };
  }
  return { uid, name: String(uid), home: undefined };
}

function linesOf(file: string): readonly string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}
