/** A sample of a metric. */
export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"`;
const HELP = new RegExp(`^# HELP (${NAME}) \\S.*$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) gauge$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?\\d+)$`);

/**
 * Reads Prometheus' text format as far as gauges with whole numbers need it: each metric has its HELP, its TYPE and then
 * all its samples, once, with no two of the same labels. Throws for anything else.
 */
export function readMetrics(text: string): ReadonlyMap<string, readonly Sample[]> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const metrics = new Map<string, Sample[]>();
  let helped = '';
  let current = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const help = HELP.exec(line)?.[1];
    const type = TYPE.exec(line)?.[1];
    if (help !== undefined && !metrics.has(help)) helped = help;
    else if (type !== undefined && type === helped && !metrics.has(type)) {
      current = type;
      metrics.set(type, []);
    } else addSample(metrics.get(current), current, line);
  }
  return metrics;
}

function addSample(samples: Sample[] | undefined, current: string, line: string): void {
  const [, name, labelText = '', value] = SAMPLE.exec(line) ?? [];
  if (samples === undefined || name !== current) throw new Error(`a line that does not belong here: ${line}`);
  const labels = labelsIn(labelText);
  const key = JSON.stringify(labels);
  if (samples.some((sample) => JSON.stringify(sample.labels) === key)) throw new Error(`twice: ${line}`);
  samples.push({ labels, value: Number(value) });
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(new RegExp(LABEL, 'g'))].map(([label]) => {
      const at = label.indexOf('=');
      const value = label.slice(at + 2, -1);
      return [
        label.slice(0, at),
        value.replaceAll(/\\(.)/g, (_, each: string) => (each === 'n' ? '\n' : each)),
      ];
    }),
  );
}
