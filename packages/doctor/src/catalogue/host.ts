import type { DropInFindingId } from '@docker-mtls/engine/findings';
import type { Row } from './row.ts';

export type HostWord =
  | DropInFindingId
  | 'key-readable'
  | 'key-owner'
  | 'key-link'
  | 'certificate-writable'
  | 'config-writable'
  | 'unit-writable'
  | 'socket-open'
  | 'socket-owner'
  | 'group-members'
  | 'live-restore-off'
  | 'auto-remove-lost'
  | 'rootless-double-publish'
  | 'second-engine'
  | 'engine-vulnerable'
  | 'engine-vulnerability-unknown'
  | 'port-unseen'
  | 'swarm-locked'
  | 'not-seen';

/** DM6xx: the host of an engine, its files, and the version of the engine. */
export const HOST: Readonly<Record<HostWord, Row>> = {
  'key-readable': {
    id: 'DM601',
    severity: 'error',
    title: 'The private key of the engine is readable by others',
    fix: 'run chmod 0400 on the key',
    cis: ['3.14'],
  },
  'key-owner': {
    id: 'DM602',
    severity: 'error',
    title: 'The private key of the engine does not belong to root',
    fix: 'run chown root:root on the key',
    cis: ['3.13'],
  },
  'key-link': {
    id: 'DM603',
    severity: 'error',
    title: 'A link or folder on the way to the key or certificates can be changed by others',
    fix: 'keep the files in a folder that root alone can change, such as /etc/docker/tls',
  },
  'certificate-writable': {
    id: 'DM604',
    severity: 'error',
    title: 'A certificate file of the engine can be changed by others',
    fix: 'run chown root:root and chmod 0444 on the file',
    cis: ['3.9', '3.10', '3.11', '3.12'],
  },
  'config-writable': {
    id: 'DM605',
    severity: 'error',
    title: 'daemon.json or its folder can be changed by others',
    fix: 'run chown root:root and chmod go-w on them',
    cis: ['3.5', '3.6', '3.17', '3.18'],
  },
  'unit-writable': {
    id: 'DM606',
    severity: 'error',
    title: 'A unit of the engine can be changed by others',
    fix: 'run chown root:root and chmod go-w on the unit',
    cis: ['3.1', '3.2', '3.3', '3.4'],
  },
  'socket-open': {
    id: 'DM607',
    severity: 'error',
    title: 'Everybody on this machine can use the socket of the engine',
    fix: 'set SocketMode=0660 in the socket unit, and restart it',
    cis: ['3.16'],
  },
  'socket-owner': {
    id: 'DM608',
    severity: 'warning',
    title: 'The socket of the engine does not belong to root and the group docker',
    fix: 'set SocketUser=root and SocketGroup=docker in the socket unit, and restart it',
    cis: ['3.15'],
  },
  'group-members': {
    id: 'DM609',
    severity: 'warning',
    title: 'Members of the group docker are root on this machine, without a certificate or a log',
    fix: 'remove them from the group, and give them client certificates',
    cis: ['1.1.2'],
  },
  'live-restore-off': {
    id: 'DM610',
    severity: 'note',
    title: 'A restart of the engine stops the containers',
    fix: 'set live-restore to true: docker-mtls daemon-config --live-restore',
    cis: ['2.16'],
  },
  'auto-remove-lost': {
    id: 'DM611',
    severity: 'warning',
    title: 'Containers started with --rm are lost at the next restart of this engine',
    fix: 'update the engine to 24.0.8 or later, or start these containers without --rm',
  },
  'drop-in-program-missing': {
    id: 'DM612',
    severity: 'error',
    title: 'The drop-in of docker-mtls starts a program that does not exist',
    fix: 'run docker-mtls daemon-config: it repeats the command that the unit has now',
  },
  'drop-in-outdated': {
    id: 'DM613',
    severity: 'warning',
    title: 'The drop-in of docker-mtls repeats a command that the unit no longer has',
    fix: 'run docker-mtls daemon-config: it repeats the command that the unit has now',
  },
  'rootless-double-publish': {
    id: 'DM614',
    severity: 'error',
    title:
      'The rootless engine has its port both in hosts and in the flags of rootlesskit: it cannot start after an upgrade',
    fix: 'run docker-mtls secure again: it keeps one of the two',
  },
  'second-engine': {
    id: 'DM615',
    severity: 'note',
    title: 'More than one engine runs on this machine',
    fix: 'check each of them, and stop the one that is not meant to run',
  },
  'engine-vulnerable': {
    id: 'DM616',
    severity: 'warning',
    title: 'The version of the engine has a known vulnerability',
    fix: 'update the engine',
    cis: ['1.2.2'],
  },
  'engine-vulnerability-unknown': {
    id: 'DM617',
    severity: 'note',
    title: 'Whether a known vulnerability is fixed in this build of the engine cannot be told',
    fix: 'ask the distributor of the package',
    cis: ['1.2.2'],
  },
  'port-unseen': {
    id: 'DM618',
    severity: 'warning',
    title: 'A port that the configuration names is not listened on',
    fix: 'restart the engine, or correct daemon.json',
  },
  'swarm-locked': {
    id: 'DM619',
    severity: 'warning',
    title: 'The manager of a swarm is locked, as after a restart with autolock',
    fix: 'run docker swarm unlock with the key that docker swarm unlock-key gave',
  },
  'not-seen': {
    id: 'DM690',
    severity: 'note',
    title: 'Something could not be looked at',
    fix: 'run docker-mtls doctor as root on this machine',
  },
};
