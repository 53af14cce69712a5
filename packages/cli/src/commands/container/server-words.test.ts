import { formatSubjectAltName } from '@docker-mtls/ca';
import { expect, test } from '@jest/globals';
import { fakeIo } from '../../../testing/fake-io.ts';
import { containerNames } from './server-words.ts';

const machine = (): { hostNames: string[]; addresses: string[] } => ({
  hostNames: ['3f2a9c'],
  addresses: ['172.17.0.2'],
});

function names(san: string | undefined, isHost = false): string {
  const io = fakeIo({ env: { SAN: san }, machine });
  return containerNames(io, isHost).sans.map(formatSubjectAltName).join(' ');
}

test.each([
  [undefined, 'DNS:localhost IP:127.0.0.1 IP:::1'],
  ['', 'DNS:localhost IP:127.0.0.1 IP:::1'],
  [' , ', 'DNS:localhost IP:127.0.0.1 IP:::1'],
  ['node1.example.com', 'DNS:localhost DNS:node1.example.com IP:127.0.0.1 IP:::1'],
  ['n1,10.0.0.5  2001:db8::5,\nn1', 'DNS:localhost DNS:n1 IP:10.0.0.5 IP:2001:db8::5 IP:127.0.0.1 IP:::1'],
  ['DNS:n1,IP:10.0.0.5', 'DNS:localhost DNS:n1 IP:10.0.0.5 IP:127.0.0.1 IP:::1'],
])('SAN=%j, and nothing of the container itself', (san, expected) => {
  expect(names(san)).toBe(expected);
});

test("on the host's network, its names and addresses too", () => {
  expect(names('n1', true)).toBe('DNS:localhost DNS:n1 DNS:3f2a9c IP:172.17.0.2 IP:127.0.0.1 IP:::1');
});

test.each([
  ['http://n1', 'give the host alone'],
  ['10.0.0.5:2376', 'without a port'],
  ['*.example.com', 'issue-server localhost --san NAME --allow-wildcard --force'],
])('SAN=%s is refused', (san, hint) => {
  expect(() => names(san)).toThrow(
    expect.objectContaining({ code: 'CA_SAN_INVALID', hint: expect.stringContaining(hint) }),
  );
});
