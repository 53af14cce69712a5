import type { Row } from './row.ts';

export type AuthorityWord =
  DirectoryWord | CertificateWord | ListWord | RegistryWord | 'engine-file-outdated' | 'revoked-served';

type DirectoryWord =
  | 'directory-writable'
  | 'directory-owner'
  | 'ca-key-readable'
  | 'ca-key-missing'
  | 'registry-unusable'
  | 'key-readable'
  | 'file-writable'
  | 'file-missing'
  | 'file-differs'
  | 'pair-missing'
  | 'profile-unusable'
  | 'work-unfinished';

type CertificateWord =
  | 'ca-expired'
  | 'ca-due'
  | 'ca-not-yet-valid'
  | 'ca-weak'
  | 'expired'
  | 'due'
  | 'not-yet-valid'
  | 'weak'
  | 'long-lived'
  | 'both-roles'
  | 'renewal-failed'
  | 'hook-failed';

type ListWord = 'crl-stale' | 'crl-due' | 'crl-behind';

type RegistryWord = 'ca-key-differs' | 'pair-key-differs' | 'pair-key-missing' | 'log-broken' | 'stranger';

/** DM201 to DM239: the CA directory, its certificates and its revocation list. */
export const AUTHORITY: Readonly<Record<AuthorityWord, Row>> = {
  'directory-writable': {
    id: 'DM201',
    severity: 'error',
    title: 'Other users may write to the CA directory',
    fix: 'run docker-mtls ca repair, which corrects its mode',
  },
  'directory-owner': {
    id: 'DM202',
    severity: 'error',
    title: 'The CA directory, or a file in it, belongs to another user',
    fix: 'run chown on the CA directory, with its owner, as root',
  },
  'ca-key-readable': {
    id: 'DM203',
    severity: 'error',
    title: 'Other users may read the CA key',
    fix: 'make a new CA if somebody has read it; if not, run docker-mtls ca repair, which corrects the modes',
  },
  'ca-key-missing': {
    id: 'DM204',
    severity: 'error',
    title: 'The CA key is missing',
    fix: 'restore a backup to another folder, docker-mtls ca restore FILE --ca-dir OTHER, and copy its private/ca-key.pem: nothing can be issued or revoked without the key',
  },
  'registry-unusable': {
    id: 'DM205',
    severity: 'error',
    title: 'The registry of the CA cannot be used',
    fix: 'move the directory away, and make it again from a backup: docker-mtls ca restore FILE --crl MOVED/crl.pem',
  },
  'key-readable': {
    id: 'DM206',
    severity: 'error',
    title: 'Other users may read the private key of a pair',
    fix: 'run docker-mtls ca repair, which corrects its mode, and revoke the pair if somebody has read it',
  },
  'file-writable': {
    id: 'DM207',
    severity: 'error',
    title: 'Other users may change a file or folder of the CA directory',
    fix: 'run docker-mtls ca repair, which corrects its mode',
  },
  'file-missing': {
    id: 'DM208',
    severity: 'error',
    title: 'A file of the CA directory is missing',
    fix: 'run docker-mtls ca repair: it writes certificates and lists again from the registry',
  },
  'file-differs': {
    id: 'DM209',
    severity: 'error',
    title: 'A file of the CA directory differs from the registry',
    fix: 'run docker-mtls ca repair, which writes it again from the registry',
  },
  'pair-missing': {
    id: 'DM210',
    severity: 'warning',
    title: 'The files of a certificate in force are missing',
    fix: 'issue the pair again with --force, or revoke it',
  },
  'profile-unusable': {
    id: 'DM211',
    severity: 'error',
    title: 'A profile of the CA directory cannot be used',
    fix: 'correct the file in profiles, or copy it from another CA directory',
  },
  'work-unfinished': {
    id: 'DM212',
    severity: 'warning',
    title: 'A command was stopped before it had put everything in place',
    fix: 'run docker-mtls ca repair, which finishes it',
  },
  'ca-expired': {
    id: 'DM213',
    severity: 'error',
    title: 'The certificate of the CA has expired, and with it every certificate that it issued',
    fix: 'run docker-mtls ca renew, and hand out the new ca.pem',
  },
  'ca-due': {
    id: 'DM214',
    severity: 'warning',
    title: 'The certificate of the CA ends in less than 400 days',
    fix: 'run docker-mtls ca renew, and hand out the new ca.pem',
  },
  'ca-not-yet-valid': {
    id: 'DM215',
    severity: 'error',
    title: 'The certificate of the CA is not valid yet',
    fix: 'correct the clock of this machine',
  },
  'ca-weak': {
    id: 'DM216',
    severity: 'error',
    title: 'The key of the CA is weak, or public',
    fix: 'change to a new key with docker-mtls ca rotate, or make a new CA',
  },
  expired: {
    id: 'DM217',
    severity: 'error',
    title: 'A certificate in force has expired',
    fix: 'run docker-mtls renew NAME',
  },
  due: {
    id: 'DM218',
    severity: 'warning',
    title: 'A certificate is due for renewal: it is in the last third of its life',
    fix: 'run docker-mtls renew --due',
  },
  'not-yet-valid': {
    id: 'DM219',
    severity: 'error',
    title: 'A certificate in force is not valid yet',
    fix: 'correct the clock of this machine, or run docker-mtls renew --due if the clock was wrong then',
  },
  weak: {
    id: 'DM220',
    severity: 'error',
    title: 'A certificate in force has a weak key',
    fix: 'run docker-mtls renew NAME, which makes a new key',
  },
  'long-lived': {
    id: 'DM221',
    severity: 'warning',
    title: 'A certificate in force is valid for more than 825 days',
    fix: 'issue it again with --force and --days 365',
  },
  'both-roles': {
    id: 'DM222',
    severity: 'warning',
    title: 'A certificate in force passes for a server and for a client',
    fix: 'run docker-mtls renew NAME: it issues certificates for one role alone',
  },
  'renewal-failed': {
    id: 'DM223',
    severity: 'error',
    title: 'The last renewal of a certificate failed',
    fix: 'run docker-mtls renew NAME, and correct what it reports',
  },
  'hook-failed': {
    id: 'DM224',
    severity: 'error',
    title: 'The hook of a renewed certificate has not succeeded',
    fix: 'run docker-mtls renew --due with the hook again: it retries those that failed',
  },
  'crl-stale': {
    id: 'DM225',
    severity: 'warning',
    title: 'The revocation list has ended or has not begun: servers that read it may refuse every client',
    fix: 'check the clock of this machine, then run docker-mtls crl',
  },
  'crl-due': {
    id: 'DM226',
    severity: 'note',
    title: 'The revocation list is in the last half of its life',
    fix: 'run docker-mtls crl, or install the timer of docker-mtls renew',
  },
  'engine-file-outdated': {
    id: 'DM227',
    severity: 'warning',
    title: 'The file of the engine holds an older certificate than the one last issued for it',
    fix: 'run docker-mtls daemon-config --server NAME --apply',
  },
  'revoked-served': {
    id: 'DM228',
    severity: 'error',
    title: 'The engine presents a certificate that was revoked',
    fix: 'run docker-mtls issue-server NAME and docker-mtls daemon-config --server NAME --apply',
  },
  'ca-key-differs': {
    id: 'DM229',
    severity: 'error',
    title: 'A CA key does not belong to its certificate',
    fix: 'restore a backup to another folder, docker-mtls ca restore FILE --ca-dir OTHER, and copy the key file from its private',
  },
  'pair-key-differs': {
    id: 'DM230',
    severity: 'error',
    title: 'The private key of a pair does not belong to the certificate on record',
    fix: 'copy the key from a restored backup, or issue the pair again with --force',
  },
  'crl-behind': {
    id: 'DM231',
    severity: 'error',
    title: 'The revocation list in place is newer than the registry',
    fix: 'run docker-mtls crl, and revoke again what the list in place has and docker-mtls list does not',
  },
  'log-broken': {
    id: 'DM232',
    severity: 'error',
    title: 'The log of the CA was changed by other means than docker-mtls',
    fix: 'find out who can write to registry.db, and compare it with a backup',
  },
  'pair-key-missing': {
    id: 'DM233',
    severity: 'warning',
    title: 'The private key of a pair was removed from the CA directory',
    fix: 'copy it back from its holder or a restored backup, issue the pair again with --force, or revoke it',
  },
  stranger: {
    id: 'DM234',
    severity: 'warning',
    title: 'A file or folder among the pairs is that of no certificate',
    fix: 'find out who put it there, and move it out of the CA directory',
  },
};
