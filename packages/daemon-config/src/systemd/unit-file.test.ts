import { describe, expect, test } from '@jest/globals';
import { effectiveEntries, parseUnitFile } from './unit-file.ts';

const UNIT = '/lib/systemd/system/docker.service';
const DROP_IN = '/etc/systemd/system/docker.service.d/override.conf';

describe('parseUnitFile', () => {
  test('knows sections, comments, continued lines and space', () => {
    const text = `\ufeff[Unit]
Description = Docker = it
# ExecStart=/no
; ExecStart=/no

[Service]
no assignment
ExecStart=/usr/bin/dockerd \\
# -H not this
    -H fd:// \\
    --debug
   Type=notify   \r
ExecStop=/bin/echo \\\\
Restart=always \\`;
    expect(parseUnitFile({ path: UNIT, text })).toEqual([
      { section: 'Unit', key: 'Description', value: 'Docker = it', path: UNIT, line: 2 },
      {
        section: 'Service',
        key: 'ExecStart',
        value: '/usr/bin/dockerd      -H fd://      --debug',
        path: UNIT,
        line: 8,
      },
      { section: 'Service', key: 'Type', value: 'notify', path: UNIT, line: 12 },
      { section: 'Service', key: 'ExecStop', value: '/bin/echo \\\\', path: UNIT, line: 13 },
      { section: 'Service', key: 'Restart', value: 'always', path: UNIT, line: 14 },
    ]);
  });

  test('an empty assignment clears what came before, in whichever file', () => {
    const files = [
      { path: UNIT, text: '[Service]\nExecStart=/a\nExecStart=/b\n' },
      { path: DROP_IN, text: '[Install]\nExecStart=/no\n[Service]\nExecStart=\nExecStart=/c\n' },
    ];
    expect(effectiveEntries(files, 'Service', 'ExecStart').map(({ value }) => value)).toEqual(['/c']);
    expect(effectiveEntries(files.slice(0, 1), 'Service', 'ExecStart').map(({ value }) => value)).toEqual([
      '/a',
      '/b',
    ]);
  });
});
