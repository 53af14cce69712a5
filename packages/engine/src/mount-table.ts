/** A line of the mount table: see proc_pid_mountinfo(5). */
export type Mount = {
  /** `major:minor` of the file system. */
  readonly device: string;
  /** What of the file system is mounted: a path in it, which need not be the host's path. */
  readonly root: string;
  readonly mountPoint: string;
  readonly isReadOnly: boolean;
};

/** Reads a mount table; `undefined` for what the kernel does not write. */
export function parseMountTable(table: Uint8Array): readonly Mount[] | undefined {
  // Paths are bytes: each is decoded by itself, when its escapes are gone.
  const lines = Buffer.from(table).toString('latin1').split('\n');
  if (lines.pop() !== '') return undefined;
  const mounts = lines.map(parseLine);
  return mounts.every((mount) => mount !== undefined) ? mounts : undefined;
}

/** What is seen at a mount point: of several mounts, the last lies over the others. */
export function mountAt(mounts: readonly Mount[], mountPoint: string): Mount | undefined {
  return mounts.findLast((mount) => mount.mountPoint === mountPoint);
}

// Mount and parent number, device, root, mount point, options, any number of tags, "-", type, source, more options.
const LINE = /^\d+ \d+ (\d+:\d+) (\S+) (\S+) (\S+)(?: \S+)*? - \S+ \S* (\S+)$/;

function parseLine(line: string): Mount | undefined {
  const found = LINE.exec(line);
  if (found === null) return undefined;
  const [, device = '', root = '', mountPoint = '', ...options] = found;
  const isReadOnly = options.some((list) => list.split(',').includes('ro'));
  return { device, root: pathOf(root), mountPoint: pathOf(mountPoint), isReadOnly };
}

/** The kernel writes blanks, line feeds and backslashes in octal (fs/proc_namespace.c, `mangle`). */
function pathOf(field: string): string {
  const bytes = field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
