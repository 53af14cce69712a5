/** Does a piece of work as somebody who is not root; where the tests run as such a user, just does it. */
export async function asOrdinaryUser<T>(work: () => T | Promise<T>): Promise<T> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
