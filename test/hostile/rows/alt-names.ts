import type { Row } from '../row.ts';

const LABEL = 'a'.repeat(63);

const ALT_NAMES: readonly (readonly [why: string, name: string, says: string, hints?: string])[] = [
  ['three numbers', '1.2.3', 'its last part is a number'],
  ['an address with a leading zero', '01.2.3.4', 'its last part is a number'],
  ['an address beyond 255', '256.1.1.1', 'its last part is a number'],
  ['an address in hexadecimal', '0x7f.1', 'its last part is a number'],
  ['a network', '10.0.0.0/8', '"10.0.0.0/8"'],
  ['IPv6 with a zone', 'fe80::1%eth0', '"fe80::1%eth0"', 'zone'],
  ['IPv6 in brackets', '[::1]', '"[::1]"', 'brackets'],
  ['IPv6 with nine groups', '1:2:3:4:5:6:7:8:9', '"1:2:3:4:5:6:7:8:9"'],
  ['a name behind IP:', 'IP:node1.example.com', 'not an IPv4 or IPv6 address'],
  ['an address behind DNS:', 'DNS:10.0.0.5', 'its last part is a number'],
  ['an underscore', 'my_host.example.com', 'underscore'],
  ['an empty label', 'a..example.com', 'empty label'],
  ['a trailing dot', 'example.com.', 'ends with a dot', '"example.com"'],
  ['a label of 64 characters', `${LABEL}a.example.com`, 'label of more than 63'],
  ['254 characters', `${`${LABEL}.`.repeat(4).slice(0, 251)}.ab`, 'more than 253 characters'],
  ['a wildcard without the flag', '*.example.com', 'wildcard', '--allow-wildcard'],
  ['a wildcard in the middle', 'a.*.example.com', 'wildcard'],
  ['a star', '*', 'wildcard'],
  ['a disallowed character of UTS 46', 'a\u2FF0b.example', 'not a host name'],
  ['a broken A-label', 'xn--\u0061-\u0031.example', '"xn--a-1.example"'],
  ['a right-to-left override', 'node\u202E1.example', String.raw`\u{202e}`],
  ['a port', 'node1.example.com:2376', 'character', 'port'],
  ['a URL', 'tcp://node1.example.com', 'character', 'tcp://'],
  ['a line break', 'node1\nnode2', String.raw`"node1\nnode2"`],
  ['an escape sequence', 'node1\u001b]0;x\u0007', String.raw`\u001b`],
];

export const ALT_NAME_ROWS: readonly Row[] = [
  ...ALT_NAMES.map(([why, name, says, hints]) => ({
    name: `issue-server: a SAN that is ${why}`,
    argv: ['issue-server', 'node2.example.com', `--san=${name}`],
    code: 'CA_SAN_INVALID',
    says,
    ...(hints !== undefined && { hints }),
  })),
  ...(['../x', '*.example.com', 'a b', 'CON_'] as const).map((name) => ({
    name: `issue-server: the name ${name}`,
    argv: ['issue-server', name],
    code: 'CA_SAN_INVALID',
    says: JSON.stringify(name),
  })),
  {
    name: 'issue-server: a wildcard over a whole top level',
    argv: ['issue-server', 'node2.example.com', '--allow-wildcard', '--san', '*.com'],
    code: 'CA_SAN_INVALID',
    says: 'two labels',
  },
  {
    name: 'issue-server: an empty SAN',
    argv: ['issue-server', 'node2.example.com', '--san='],
    code: 'USAGE',
    says: 'san is empty',
  },
  {
    name: 'issue-server: a name that is taken, in other letters',
    argv: ['issue-server', 'NODE1.Example.COM'],
    code: 'CA_DIRECTORY_NAME_TAKEN',
    says: '"node1.example.com"',
    hints: '--force',
  },
];
