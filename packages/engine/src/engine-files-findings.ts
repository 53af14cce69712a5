import { readCertificates } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { parseDaemonConfig, readDaemonConfig, readEngineFiles } from '@docker-mtls/daemon-config';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import { unlessRefused } from '@docker-mtls/errors';
import type { Finding } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import { engineStarts } from './engine-starts.ts';
import { changedAt, isAsRead } from './reload-record.ts';

export type EngineFilesFindingId =
  'foreign-client-ca' | 'client-ca-unreadable' | 'client-ca-changed' | 'engine-files-changed';

type EngineFilesFinding = Finding<EngineFilesFindingId>;

/**
 * What the files of an engine on this machine say that its port does not: whether other CAs are trusted, and whether
 * files have changed since the engine read them. Nothing is said of files that are not here or cannot be read.
 */
export function checkEngineFiles(
  config: string,
  roots: readonly Certificate[],
): readonly EngineFilesFinding[] {
  const files = engineFilesIn(config);
  if (files === undefined) return [];
  return [...authorityFindings(files.ca, roots), ...changesSinceStart(config, files)];
}

function engineFilesIn(config: string): EngineFiles | undefined {
  try {
    return readEngineFiles(parseDaemonConfig(readDaemonConfig(config), config));
  } catch {
    // What is wrong with daemon.json is reported by the code that writes it.
    return undefined;
  }
}

/** Each certificate in `tlscacert` is a CA whose clients the engine accepts; a name can be copied, a key cannot. */
function authorityFindings(file: string, roots: readonly Certificate[]): readonly EngineFilesFinding[] {
  const text = unlessRefused(() => readFile(file));
  if (text === undefined) return [];
  let trusted: readonly Certificate[];
  try {
    trusted = readCertificates(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return [
      {
        id: 'client-ca-unreadable',
        severity: 'error',
        message: `${file}: it is unclear which CAs the engine trusts: ${why}`,
        hint: `remove everything but this CA's certificates from ${file}, and restart the engine`,
      },
    ];
  }
  const isOurs = ({ info }: Certificate): boolean =>
    roots.some((root) => root.info.publicKey.equals(info.publicKey));
  return trusted
    .filter((certificate) => !isOurs(certificate))
    .map(({ info }) => ({
      id: 'foreign-client-ca',
      severity: 'error',
      message: `${file}: the engine accepts clients of another CA too: ${info.subject.commonName ?? 'without a common name'} (SHA-256 ${info.fingerprint.slice(0, 16)}…)`,
      hint: `remove that certificate from ${file}, and restart the engine`,
    }));
}

/** An engine reads these files once, when it starts; of daemon.json it can be told to read some keys again. */
function changesSinceStart(config: string, files: EngineFiles): readonly EngineFilesFinding[] {
  const starts = engineStarts(config);
  if (starts.length === 0) return [];
  const start = Math.min(...starts);
  const isLater = (file: string): boolean => (changedAt(file) ?? 0) > start;
  const authority: readonly EngineFilesFinding[] = isLater(files.ca)
    ? [
        {
          id: 'client-ca-changed',
          severity: 'error',
          message: `${files.ca} changed after the engine started: the engine may trust other CAs than the file holds`,
          hint: 'restart the engine, then run this again',
        },
      ]
    : [];
  const changed = [...(isAsRead(config) ? [] : [config]), ...[files.certificate, files.key].filter(isLater)];
  const others = changed.map((file): EngineFilesFinding => ({
    id: 'engine-files-changed',
    severity: 'warning',
    message: `${file} changed after the engine started`,
    hint: 'restart the engine for the change to take effect',
  }));
  return [...authority, ...others];
}
