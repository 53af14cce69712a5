/** Lets each client have a few questions under way at once, so that one who asks about many objects holds up itself alone. */
export type Shares = {
  /** Does the work when there is room for one more of this client. */
  readonly take: <T>(client: string, work: () => Promise<T>) => Promise<T>;
};

type Share = { inUse: number; readonly waiting: (() => void)[] };

export function fairShares(most: number): Shares {
  const shares = new Map<string, Share>();
  const enter = async (client: string): Promise<Share> => {
    const share = shares.get(client) ?? { inUse: 0, waiting: [] };
    shares.set(client, share);
    if (share.inUse < most) share.inUse += 1;
    // Who leaves gives the room to the next one.
    else await new Promise<void>((resolve) => share.waiting.push(resolve));
    return share;
  };
  const leave = (client: string, share: Share): void => {
    const next = share.waiting.shift();
    if (next !== undefined) return next();
    share.inUse -= 1;
    if (share.inUse === 0) shares.delete(client);
  };
  return {
    take: async (client, work) => {
      const share = await enter(client);
      try {
        return await work();
      } finally {
        leave(client, share);
      }
    },
  };
}
