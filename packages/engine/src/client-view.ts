import { formatSubjectAltName, readCertificates } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { readScalar } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument, EngineFlag, TcpAddress } from '@docker-mtls/daemon-config';
import { readFileIfExists } from '@docker-mtls/files';

/** An engine as those see it who connect with a certificate. */
export type ClientView = {
  /** Where it is reached. */
  readonly addresses: readonly TcpAddress[];
  /** The names in the certificate that it shows; none where nobody is served for a certificate. */
  readonly names: readonly string[];
  /** The CAs whose clients it accepts. */
  readonly authorities: readonly Certificate[];
  /** The file of those CAs. */
  readonly authorityFile?: string | undefined;
};

export type ToldByFlags = {
  readonly document: DaemonConfigDocument;
  /** What the engine is told on its command line. */
  readonly flags: readonly EngineFlag[];
  readonly addresses: readonly TcpAddress[];
  readonly now: Date;
};

/**
 * Reads how clients see an engine that is told this. Only what is valid now counts: nobody is accepted by what has
 * expired. An engine that asks for no certificate accepts nobody for one.
 */
export function readClientView({ document, flags, addresses, now }: ToldByFlags): ClientView {
  if (!asksForCertificates(document, flags)) return { addresses, names: [], authorities: [] };
  const { ca, certificate } = engineFilesOf(document, flags);
  const isValid = ({ info }: Certificate): boolean => info.notAfter > now;
  const [shown] = certificatesIn(certificate);
  return {
    addresses,
    names: shown !== undefined && isValid(shown) ? sanValues(shown) : [],
    authorities: certificatesIn(ca).filter(isValid),
    authorityFile: ca,
  };
}

export function sanValues({ info }: Pick<Certificate, 'info'>): readonly string[] {
  return info.sans.map(formatSubjectAltName);
}

function asksForCertificates(document: DaemonConfigDocument, flags: readonly EngineFlag[]): boolean {
  const verify = readScalar(document, 'tlsverify') ?? flagValue(flags, 'tlsverify');
  if (verify !== undefined) return verify !== false;
  return (readScalar(document, 'tls') ?? flagValue(flags, 'tls')) === true;
}

function flagValue(flags: readonly EngineFlag[], name: string): boolean | undefined {
  const flag = flags.findLast((each) => each.name === name);
  return flag === undefined ? undefined : flag.value !== 'false';
}

/** The files that an engine is told of, by its daemon.json or else by flags. */
export function engineFilesOf(
  document: DaemonConfigDocument,
  flags: readonly EngineFlag[],
): { readonly ca: string | undefined; readonly certificate: string | undefined } {
  const file = (name: 'tlscacert' | 'tlscert'): string | undefined => {
    const value = readScalar(document, name);
    return typeof value === 'string' ? value : flags.findLast((each) => each.name === name)?.value;
  };
  return { ca: file('tlscacert'), certificate: file('tlscert') };
}

/** None where there is no such file, or it cannot be read: the engine could not read it either, or it is elsewhere. */
function certificatesIn(file: string | undefined): readonly Certificate[] {
  try {
    return file === undefined ? [] : readCertificates(readFileIfExists(file) ?? '');
  } catch {
    return [];
  }
}
