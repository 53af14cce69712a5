/** A unit's file or one of its drop-ins. */
export type UnitFile = { readonly path: string; readonly text: string };

/** An assignment in a unit: continued lines are joined, `line` is where it starts. */
export type UnitEntry = {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly path: string;
  readonly line: number;
};

type Logical = { readonly text: string; readonly line: number };

/** Reads a unit's text as systemd does (systemd.syntax(7)); what is no assignment is passed over, as there. */
export function parseUnitFile({ path, text }: UnitFile): readonly UnitEntry[] {
  let section = '';
  return logicalLines(text.replace(/^\ufeff/, '')).flatMap((logical) => {
    const header = /^\[([^\]]*)\]$/.exec(logical.text);
    if (header !== null) section = header[1] ?? '';
    const assignment = /^([^=[\]]+?)\s*=\s*(.*)$/s.exec(logical.text);
    if (header !== null || assignment === null) return [];
    const [, key = '', value = ''] = assignment;
    return [{ section, key, value, path, line: logical.line }];
  });
}

/** What a list setting holds in the end, over all files in their order: an empty assignment clears what came before. */
export function effectiveEntries(
  files: readonly UnitFile[],
  section: string,
  key: string,
): readonly UnitEntry[] {
  const entries = files
    .flatMap(parseUnitFile)
    .filter((entry) => entry.section === section && entry.key === key);
  return entries.slice(entries.findLastIndex(({ value }) => value === '') + 1);
}

function logicalLines(text: string): readonly Logical[] {
  const lines: Logical[] = [];
  let held: Logical | undefined;
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*[#;]/.test(line)) return;
    const joined = (held?.text ?? '') + line;
    const start = held?.line ?? index + 1;
    held = undefined;
    if (isContinued(joined)) held = { text: `${joined.slice(0, -1)} `, line: start };
    else lines.push({ text: joined.trim(), line: start });
  });
  if (held !== undefined) lines.push({ text: held.text.trim(), line: held.line });
  return lines;
}

function isContinued(line: string): boolean {
  return (/\\+$/.exec(line)?.[0].length ?? 0) % 2 === 1;
}
