import type { RecordedEvent } from '@docker-mtls/registry';

type Ledger = { events(last: number): Promise<readonly Pick<RecordedEvent, 'id'>[]> };

const MOST_LOOKS = 5;

/**
 * Looks once more where something was found and another command has changed the CA meanwhile: what was read before that
 * change does not go with files that were read after it. Every change of those has an event.
 */
export async function whileUnchanged<T>(
  ledger: Ledger,
  look: () => Promise<T>,
  hasFound: (result: T) => boolean,
): Promise<T> {
  for (let looks = 1; ; looks++) {
    const before = await lastEvent(ledger);
    const result = await look();
    if (!hasFound(result) || looks === MOST_LOOKS || (await lastEvent(ledger)) === before) return result;
  }
}

async function lastEvent(ledger: Ledger): Promise<number | undefined> {
  return (await ledger.events(1)).at(-1)?.id;
}
