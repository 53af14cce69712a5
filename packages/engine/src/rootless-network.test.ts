import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { readServiceUnit } from '@docker-mtls/daemon-config';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { startsDetached } from './rootless-network.ts';

const USES = 'exec rootlesskit $DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS "$0" "$@"\n';
const BEFORE_29_5 = `#!/bin/sh\n${USES}`;
const SINCE_29_5 = `#!/bin/sh\n: "\${DOCKERD_ROOTLESS_ROOTLESSKIT_DETACH_NETNS:=true}"\n${USES}`;
const SETTING = 'DOCKERD_ROOTLESS_ROOTLESSKIT_DETACH_NETNS';
const FLAGS = 'DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS';

type Row = {
  readonly name: string;
  readonly script: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  readonly now?: boolean;
  readonly expected: boolean;
};

test.each<Row>([
  { name: 'a script of 28.5', script: BEFORE_29_5, expected: false },
  {
    name: 'one that does not know the setting',
    script: BEFORE_29_5,
    environment: { [SETTING]: 'true' },
    expected: false,
  },
  {
    name: 'one with the flag',
    script: BEFORE_29_5,
    environment: { [FLAGS]: '-p 1:1/tcp --detach-netns' },
    expected: true,
  },
  { name: 'a script of 29.5', script: SINCE_29_5, expected: true },
  {
    name: 'one while the engine from before its upgrade runs',
    script: SINCE_29_5,
    now: false,
    expected: true,
  },
  {
    name: 'one that is told not to',
    script: SINCE_29_5,
    environment: { [SETTING]: 'false' },
    expected: false,
  },
  {
    name: 'one that is told not to by a number',
    script: SINCE_29_5,
    environment: { [SETTING]: '0' },
    expected: false,
  },
  { name: 'one that is told nothing', script: SINCE_29_5, environment: { [SETTING]: '' }, expected: true },
  { name: 'another program, and an engine that runs', script: 'ELF', now: true, expected: true },
  { name: 'another program, and an engine with a network', script: 'ELF', now: false, expected: false },
  {
    name: 'another program that is told to',
    script: undefined,
    environment: { [SETTING]: '1' },
    expected: true,
  },
  { name: 'another program', script: undefined, expected: false },
])('in the network of the machine: $name', ({ script, environment = {}, now, expected }) => {
  const program = path.join(temporaryFolder(), 'dockerd-rootless.sh');
  if (script !== undefined) fs.writeFileSync(program, script);
  const unit = readServiceUnit([{ path: '/u', text: `[Service]\nExecStart=${program} --iptables=false\n` }]);
  const command = { unit, environment: new Map(Object.entries(environment)) };
  expect(startsDetached(command, () => now)).toBe(expected);
});
