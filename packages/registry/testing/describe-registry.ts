import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Registry } from '../src/index.ts';
import { describeRecords } from './describe-records.ts';
import { insert } from './new-certificate.ts';

/** Opens one more registry of the same CA. */
export type OpenRegistry = () => Registry;

/** What every adapter of the port has to do. `makePlace` makes room for a registry that is new, and says how it is opened. */
export function describeRegistry(name: string, makePlace: () => OpenRegistry): void {
  describe(`a registry ${name}`, () => {
    let open: OpenRegistry;
    let opened: Registry[];
    let registry: Registry;

    beforeEach(async () => {
      const place = makePlace();
      opened = [];
      open = () => {
        const one = place();
        opened.push(one);
        return one;
      };
      registry = open();
      await registry.lock();
      await registry.migrate();
    });

    afterEach(async () => {
      for (const one of opened) await one.close();
    });

    describe('its schema', () => {
      test('is laid down once, together with what is recorded first', async () => {
        const other = await newRegistry(makePlace, opened);
        expect(await other.schema()).toBe(0);
        await other.migrate(async (change, from) => {
          expect(from).toBe(0);
          await change.beginWork({ serial: 'ab', kind: 'client', folder: 'alice' });
        });
        await other.migrate(() => Promise.reject(new Error('there is nothing to do')));
        expect(await other.unfinished()).toHaveLength(1);
        expect(await other.schema()).toBeGreaterThan(0);
      });

      test('is not there when that fails', async () => {
        const other = await newRegistry(makePlace, opened);
        await expect(other.migrate(() => Promise.reject(new Error('no space')))).rejects.toThrow('no space');
        expect(await other.schema()).toBe(0);
      });
    });

    describe('its lock', () => {
      test('keeps a second one out until it is closed, and lets it in then', async () => {
        const second = open();
        await expect(second.lock({ patience: 30 })).rejects.toMatchObject({ code: 'REGISTRY_BUSY' });
        let waits = 0;
        const locked = second.lock({ noticeAfter: 5, onWait: () => (waits += 1) });
        setTimeout(() => void registry.close(), 100);
        await locked;
        expect(waits).toBe(1);
      });

      test('has one who looks wait for what is being committed, and lets that go on', async () => {
        await registry.transact((change) => insert(change, 'client', 'alice'));
        const reading = open().certificates({});
        setTimeout(() => void registry.close(), 30);
        expect(await reading).toHaveLength(1);
      });

      test('leaves what is committed for the next to read, and nothing else', async () => {
        await registry.transact((change) => insert(change, 'client', 'alice'));
        await expect(
          registry.transact(async (change) => {
            await insert(change, 'client', 'bob');
            throw new Error('killed');
          }),
        ).rejects.toThrow('killed');
        await registry.close();
        const next = open();
        expect((await next.certificates({})).map((record) => record.name)).toEqual(['alice']);
        expect(await next.events()).toHaveLength(1);
      });
    });

    describe('a change', () => {
      test('reads what it has recorded itself', async () => {
        const serial = await registry.transact(async (change) => {
          const made = await insert(change, 'client', 'alice');
          return (await change.certificate(made))?.serial;
        });
        expect(await registry.certificate(serial ?? '')).toMatchObject({ name: 'alice' });
      });

      test('waits for the one before', async () => {
        const order: string[] = [];
        const slow = registry.transact(async (change) => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          await change.oweRoots();
          order.push('first');
        });
        const fast = registry.transact(async (change) => {
          order.push(`second: ${await change.areRootsDue()}`);
        });
        await Promise.all([slow, fast]);
        expect(order).toEqual(['first', 'second: true']);
      });

      test('that failed does not keep the next from its work', async () => {
        await expect(registry.transact(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
        await registry.transact((change) => insert(change, 'client', 'alice'));
        expect(await registry.recordedCount()).toBe(1);
      });
    });

    describeRecords(() => registry);
  });
}

async function newRegistry(makePlace: () => OpenRegistry, opened: Registry[]): Promise<Registry> {
  const registry = makePlace()();
  opened.push(registry);
  await registry.lock();
  return registry;
}
