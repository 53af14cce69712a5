import fs from 'node:fs';

export type UnixGroup = { readonly name: string; readonly gid: number; readonly members: readonly string[] };

/** The groups of this machine, as group(5) has them. */
export function groups(file = '/etc/group'): readonly UnixGroup[] {
  const rows = fs.readFileSync(file, 'utf8').split('\n');
  return rows
    .filter((row) => row !== '')
    .map((row) => {
      const [name = '', , gid = '', members = ''] = row.split(':');
      return { name, gid: Number(gid), members: members.split(',').filter((each) => each !== '') };
    });
}
