import { NOT_SEEN, statusVerdict } from '@docker-mtls/doctor';
import type { FoundCopy, FoundFinding, ServedAddress, Status } from '@docker-mtls/doctor';

type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };
type Metric = { readonly name: string; readonly help: string; readonly samples: readonly Sample[] };

const PREFIX = 'docker_mtls_';

/** Prometheus' text format, version 0.0.4. The names are promised in docs/status.md. */
export function asPrometheus(found: Status, now: Date): string {
  const metrics = [...summary(found, now), ...caMetrics(found.ca), ...engineMetrics(found.served)];
  return [...metrics, copiesMetric(found.copies)]
    .filter(({ samples }) => samples.length > 0)
    .map(metricText)
    .join('');
}

/** Was this text written by `asPrometheus`? */
export function isMetrics(text: string): boolean {
  return text.startsWith(`# HELP ${PREFIX}`);
}

function summary(found: Status, now: Date): readonly Metric[] {
  const { findings } = found;
  const todo = findings.filter(({ severity }) => severity !== 'note').length;
  const unseen = findings.filter(({ id }) => id === NOT_SEEN).length;
  return [
    metric('status_timestamp_seconds', 'When docker-mtls status looked.', [{ value: seconds(now) }]),
    metric('status_ok', 'Whether there is nothing to do, and everything could be looked at.', [
      { value: statusVerdict(found) === 'nothing-to-do' ? 1 : 0 },
    ]),
    metric('things_to_do', 'Findings that are errors or warnings.', [{ value: todo }]),
    metric('not_seen', 'What could not be looked at.', [{ value: unseen }]),
    metric('findings', 'Findings, by their numbers in docs/findings.md.', findingSamples(findings)),
  ];
}

function findingSamples(findings: readonly FoundFinding[]): readonly Sample[] {
  const counts = new Map<string, { readonly labels: Record<string, string>; value: number }>();
  for (const { id, severity } of findings) {
    const key = `${id} ${severity}`;
    const sample = counts.get(key) ?? { labels: { id, severity }, value: 0 };
    counts.set(key, { ...sample, value: sample.value + 1 });
  }
  return [...counts.values()];
}

function caMetrics(ca: Status['ca']): readonly Metric[] {
  const contents = ca?.contents;
  if (contents === undefined) return [];
  const { authorities, recorded, list } = contents;
  return [
    metric('certificates_recorded', 'Certificates that the CA has ever recorded.', [
      { value: recorded.certificates },
    ]),
    metric('certificates_in_force', 'Certificates in force, counted up to 10000.', [
      { labels: { kind: 'server' }, value: recorded.servers },
      { labels: { kind: 'client' }, value: recorded.clients },
    ]),
    metric(
      'ca_not_after_seconds',
      'When a certificate of the CA ends.',
      authorities.map(({ certificate: { info }, keyId, state }) => ({
        labels: { key_id: keyId, state },
        value: seconds(info.notAfter),
      })),
    ),
    metric(
      'crl_next_update_seconds',
      'When the revocation list has to be replaced.',
      list === undefined ? [] : [{ value: seconds(list.nextUpdate) }],
    ),
  ];
}

function engineMetrics(served: readonly ServedAddress[]): readonly Metric[] {
  const addresses = [...new Map(served.map((each) => [each.address, each])).values()];
  return [
    metric(
      'engine_presents',
      'Whether an address of the engine presents a certificate.',
      addresses.map(({ address, presented }) => ({
        labels: { address },
        value: typeof presented === 'string' ? 0 : 1,
      })),
    ),
    metric(
      'engine_not_after_seconds',
      'When the certificate ends that an address of the engine presents.',
      addresses.flatMap(({ address, presented }) =>
        typeof presented === 'string'
          ? []
          : [{ labels: { address }, value: seconds(presented.info.notAfter) }],
      ),
    ),
  ];
}

function copiesMetric(copies: readonly FoundCopy[]): Metric {
  const samples = (['context', 'bundle', 'credentials'] as const).map((kind) => ({
    labels: { kind },
    value: copies.filter((copy) => copy.kind === kind).length,
  }));
  return metric('copies', 'Copies of pairs of clients that were found.', samples);
}

function metric(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `${PREFIX}${name}`, help, samples };
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function metricText({ name, help, samples }: Metric): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** In a label's value, these three have a meaning. */
function escaped(value: string): string {
  return value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}
