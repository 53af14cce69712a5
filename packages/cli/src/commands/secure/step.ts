/** One thing that `secure` saw to, as a line for people and an object for programs. */
export type Step = {
  readonly step: 'ca' | 'server' | 'client' | 'daemon-config' | 'bundle' | 'proof';
  readonly outcome: 'made' | 'kept' | 'planned' | 'proven' | 'disproven' | 'not proven' | 'not written';
  readonly line: string;
};

const MARKS = {
  made: '+',
  kept: '=',
  planned: '?',
  proven: '+',
  disproven: '!',
  'not proven': '-',
  'not written': '-',
} as const;

export function stepText({ outcome, line }: Step): string {
  return `${MARKS[outcome]} ${line}\n`;
}
