import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseDaemonConfig } from './document.ts';
import { planDaemonConfig } from './plan.ts';
import type { DaemonConfigPlan } from './plan.ts';

const OURS = ['hosts', 'tls', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey'];
const FILES = { ca: '/certs/ca.pem', certificate: '/certs/server-cert.pem', key: '/certs/server-key.pem' };

type Member = readonly [key: string, value: unknown];

const host = fc.constantFrom(
  'fd://',
  'unix:///var/run/docker.sock',
  'npipe://',
  'tcp://0.0.0.0:2375',
  'tcp://0.0.0.0:2376',
  'tcp://10.0.0.5:2376',
  'tcp://[::]:2376',
  'tcp://:2375',
  'tcp://a:4243',
  '',
);
const path = fc.constantFrom(null, '', '/x.pem', FILES.ca, FILES.certificate, FILES.key);
const truth = fc.constantFrom(null, true, false);
const ours = fc
  .record(
    {
      hosts: fc.oneof(fc.constant(null), fc.array(host)),
      tls: truth,
      tlsverify: truth,
      tlscacert: path,
      tlscert: path,
      tlskey: path,
    },
    { requiredKeys: [] },
  )
  .map((record): Member[] => Object.entries(record));
const theirs = fc
  .uniqueArray(fc.tuple(fc.string(), fc.jsonValue({ maxDepth: 3 })), { selector: ([key]) => key })
  .map((members) =>
    members.filter(([key]) => key !== '__proto__' && !OURS.includes(key.toUpperCase().toLowerCase())),
  );
const members = fc
  .tuple(ours, theirs)
  .chain(([a, b]) => fc.shuffledSubarray<Member>([...a, ...b], { minLength: a.length + b.length }));
const space = fc.stringMatching(/^[ \t]{0,3}(\r?\n[ \t]{0,3}){0,2}$/);
const layout = fc.record({
  bom: fc.constantFrom('', '\ufeff'),
  spaces: fc.array(space, { minLength: 7, maxLength: 7 }),
});
const listen = fc.constantFrom(
  ['0.0.0.0:2376'],
  ['10.0.0.5:2376', '127.0.0.1:2376'],
  ['[::]:2376'],
  ['0.0.0.0:2376', '[::1]:2375'],
);
const localSocket = fc.constantFrom('fd://', 'unix:///var/run/docker.sock');

/** The same white space in the same places of every member, as an editor or a program leaves it. */
function write(
  entries: readonly Member[],
  { bom, spaces }: { bom: string; spaces: readonly string[] },
): string {
  const [start, open, beforeColon, afterColon, beforeComma, afterComma, end] = spaces;
  const texts = entries.map(
    ([key, value]) =>
      `${JSON.stringify(key)}${beforeColon}:${afterColon}${JSON.stringify(value, undefined, open)}`,
  );
  return `${bom}${start}{${open}${texts.join(`${beforeComma},${afterComma}`)}${end}}${end}`;
}

function read(text: string): readonly Member[] {
  return Object.entries(JSON.parse(text.replace('\ufeff', '')) as object);
}

function others(text: string): readonly Member[] {
  return read(text).filter(([key]) => !OURS.includes(key));
}

function check(
  text: string,
  options: { listen: readonly string[]; localSocket: string },
  verify: (result: DaemonConfigPlan) => void,
): void {
  verify(planDaemonConfig(parseDaemonConfig(Buffer.from(text)), { ...options, files: FILES }));
}

const cases = fc.record({ members, layout, options: fc.record({ listen, localSocket }) });

test('everything else survives, in its order', () => {
  fc.assert(
    fc.property(cases, ({ members: entries, layout: how, options }) => {
      const text = write(entries, how);
      check(text, options, ({ after }) => {
        expect(others(after)).toEqual(others(text));
        const present = read(text).map(([key]) => key);
        expect(
          read(after)
            .map(([key]) => key)
            .slice(0, present.length),
        ).toEqual(present);
      });
    }),
    { numRuns: 1000 },
  );
});

test('the outcome always says what a secured engine must be told', () => {
  fc.assert(
    fc.property(cases, ({ members: entries, layout: how, options }) => {
      check(write(entries, how), options, ({ after }) => {
        const result = Object.fromEntries(read(after)) as Record<string, unknown>;
        expect(result).toMatchObject({
          tlsverify: true,
          tlscacert: FILES.ca,
          tlscert: FILES.certificate,
          tlskey: FILES.key,
        });
        expect(result['tls'] ?? true).toBe(true);
        const hosts = result['hosts'] as string[];
        expect(new Set(hosts).size).toBe(hosts.length);
        expect(hosts.some((entry) => /^(unix|fd|npipe):/.test(entry))).toBe(true);
      });
    }),
    { numRuns: 1000 },
  );
});

test('a second plan finds nothing to do, and leaves every byte', () => {
  fc.assert(
    fc.property(cases, ({ members: entries, layout: how, options }) => {
      check(write(entries, how), options, ({ after }) => {
        check(after, options, (second) => {
          expect(second.changes).toEqual([]);
          expect(second.after).toBe(after);
        });
      });
    }),
    { numRuns: 1000 },
  );
});

test('only our values and what is added differ: the rest of the text is the same, byte for byte', () => {
  fc.assert(
    fc.property(theirs, layout, fc.record({ listen, localSocket }), (entries, how, options) => {
      fc.pre(entries.length > 0);
      const text = write(entries, how);
      check(text, options, ({ after }) => {
        const end = text.lastIndexOf('}');
        const last = text.slice(0, end).trimEnd().length;
        expect(after.startsWith(text.slice(0, last))).toBe(true);
        expect(after.endsWith(text.slice(last))).toBe(true);
      });
    }),
    { numRuns: 500 },
  );
});
