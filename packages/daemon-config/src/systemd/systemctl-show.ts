import { splitWords } from './words.ts';

/** What `systemctl show` says of a unit. */
export type UnitProperties = {
  /** `loaded`, `not-found`, `masked`, `bad-setting`, … */
  readonly loadState: string;
  readonly fragmentPath: string | undefined;
  /** In the order in which systemd reads them. */
  readonly dropInPaths: readonly string[];
  readonly all: ReadonlyMap<string, readonly string[]>;
};

/** The properties to ask for: `systemctl show -p … docker.service`. */
export const SHOWN_PROPERTIES = ['LoadState', 'FragmentPath', 'DropInPaths', 'TriggeredBy'] as const;

/**
 * Reads the output of `systemctl show`. What the command line is, the unit's files must say: up to systemd 252 at
 * least, `ExecStart` is shown with its quotes lost.
 */
export function parseSystemctlShow(output: string): UnitProperties {
  const all = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== '') all.set(name, [...(all.get(name) ?? []), value]);
  }
  const first = (name: string): string => all.get(name)?.[0] ?? '';
  return {
    loadState: first('LoadState'),
    fragmentPath: first('FragmentPath') === '' ? undefined : first('FragmentPath'),
    dropInPaths: splitWords(first('DropInPaths')).map(({ value }) => value),
    all,
  };
}

/** Reads the output of `systemctl show-environment`, which quotes what a shell would not read as it is. */
export function parseManagerEnvironment(output: string): ReadonlyMap<string, string> {
  const entries = output.split('\n').flatMap((line) => {
    const [, name, text = ''] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const value = text.startsWith("$'") ? splitWords(text.slice(1))[0]?.value : text;
    return [[name, value ?? ''] as const];
  });
  return new Map(entries);
}
