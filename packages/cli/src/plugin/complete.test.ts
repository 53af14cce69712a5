import { describe, expect, test } from '@jest/globals';
import { completionAnswer } from './complete.ts';

/** What is offered after these words, and the directive. */
function offered(...words: readonly string[]): readonly string[] {
  return completionAnswer(words, false).trimEnd().split('\n');
}

describe('completion by the Docker CLI', () => {
  test('offers commands, those below another, options and choices', () => {
    expect(offered('is')).toEqual(['issue-server', 'issue-client', ':4']);
    expect(offered('context', 'u')).toEqual(['update', 'use', ':4']);
    expect(offered('context', 'remove', '--')).toEqual(['--force', '--json', '--help', ':4']);
    expect(offered('issue-client', 'alice', '--key-type', 'ec')).toEqual(['ec-p256', 'ec-p384', ':4']);
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish', ':4']);
  });

  test('leaves files to the shell where a word is free', () => {
    expect(offered('show', '')).toEqual([':0']);
    expect(offered('issue-client', '--csr', '')).toEqual([':0']);
    expect(offered('exec', 'alice', '--', '')).toEqual([':0']);
  });

  test('says what each word means, if asked to', () => {
    expect(completionAnswer(['secu'], true)).toMatch(/^secure\t.+\n:4\n$/);
  });
});
