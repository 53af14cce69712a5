import { quoteWord } from '@docker-mtls/daemon-config';
import { HARDENED, unitText } from '../unit-text.ts';

/** How often the timer looks, in minutes. A window has to be open for longer. */
export const TIMER_MINUTES = 60;

/** The name that the passphrase of the CA key has as a credential of the service. */
const PASSPHRASE_CREDENTIAL = 'docker-mtls';

/** What renews on this machine, on whose behalf, and what it may touch. */
export type RenewalService = {
  /** The program with the words before its command: `/usr/bin/docker-mtls`, or Node and a script. */
  readonly program: readonly string[];
  /** What follows `renew --timer`, without the CA directory and the hook. */
  readonly options: readonly string[];
  readonly caDirectory: string;
  /** The owner of the CA directory. */
  readonly user: string;
  /** Folders with copies of the owner's, such as Docker's contexts; one that is missing is left out. */
  readonly writes: readonly string[];
  /** A hook and its arguments; it may need anything. */
  readonly hook: readonly string[];
  /** Does it restart the engine? That takes root. */
  readonly appliesToEngine: boolean;
  /** The file with the passphrase of the CA key, and whether `systemd-creds` has encrypted it. */
  readonly passphrase?: { readonly file: string; readonly isEncrypted: boolean } | undefined;
};

/** The texts of a service that renews what is due, and of the timer that starts it. */
export type RenewalUnits = { readonly service: string; readonly timer: string };

/** Begins a unit that docker-mtls has written, and says for which CA directory. */
export function renewalMark(caDirectory: string): string {
  return `# Written by docker-mtls renew --install-timer for ${quoteWord(caDirectory, { expands: false })}`;
}

/** The one place with the texts of these units: `renew --install-timer` and the packages write what is said here. */
export function renewalUnits(service: RenewalService): RenewalUnits {
  const mark = renewalMark(service.caDirectory);
  return {
    service: unitText([mark, ...serviceLines(service)]),
    timer: unitText([mark, ...TIMER]),
  };
}

const DOCUMENTATION = 'Documentation=man:docker-mtls-renew(1)';

const TIMER: readonly string[] = [
  '[Unit]',
  'Description=Look for certificates of docker-mtls that are due',
  DOCUMENTATION,
  '',
  '[Timer]',
  'OnCalendar=hourly',
  // Many machines do not begin at the same moment, but each always at its own.
  'RandomizedDelaySec=30min',
  'FixedRandomDelay=true',
  // A machine that was off looks as soon as it is on.
  'Persistent=true',
  '',
  '[Install]',
  'WantedBy=timers.target',
];

function serviceLines(service: RenewalService): readonly string[] {
  return [
    '[Unit]',
    'Description=Renew certificates of docker-mtls that are due',
    DOCUMENTATION,
    ...(service.appliesToEngine ? ['After=docker.service'] : []),
    '',
    '[Service]',
    'Type=oneshot',
    `User=${service.user}`,
    `ExecStart=${commandOf(service)}`,
    ...credentialOf(service),
    'Nice=10',
    'UMask=0077',
    ...(service.hook.length > 0 ? [] : CONFINED),
    ...sandboxOf(service),
  ];
}

function commandOf({ program, options, caDirectory, hook, passphrase }: RenewalService): string {
  const words = [...program, 'renew', '--timer', '--ca-dir', caDirectory, ...options].map(literally);
  // systemd puts in where it has laid the credential.
  const secret =
    passphrase === undefined
      ? []
      : ['--passphrase-file', `\${CREDENTIALS_DIRECTORY}/${PASSPHRASE_CREDENTIAL}`];
  return [...words, ...secret, ...(hook.length > 0 ? ['--', ...hook.map(literally)] : [])].join(' ');
}

function literally(word: string): string {
  return quoteWord(word, { expands: true });
}

function credentialOf({ passphrase }: RenewalService): readonly string[] {
  if (passphrase === undefined) return [];
  const { file, isEncrypted } = passphrase;
  const setting = isEncrypted ? 'LoadCredentialEncrypted' : 'LoadCredential';
  return [`${setting}=${PASSPHRASE_CREDENTIAL}:${file.replaceAll('%', '%%')}`];
}

/** What renewing never needs. A hook may. */
const CONFINED: readonly string[] = [
  // Which addresses this machine has is asked over netlink.
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  ...HARDENED,
];

/** Where it writes: the engine's files may be anywhere, those of the CA are not. */
function sandboxOf({ hook, appliesToEngine, caDirectory, writes }: RenewalService): readonly string[] {
  if (hook.length > 0) return [];
  if (appliesToEngine) return ['ProtectSystem=true'];
  const paths = [caDirectory, ...writes.map((path) => `-${path}`)];
  return [
    'CapabilityBoundingSet=',
    'ProtectHome=read-only',
    'ProtectSystem=strict',
    `ReadWritePaths=${paths.map((path) => quoteWord(path, { expands: false })).join(' ')}`,
  ];
}
