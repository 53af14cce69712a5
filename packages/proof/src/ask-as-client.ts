import type { Answer, Pair, Target } from './answer.ts';
import { askOverTls } from './ask.ts';
import { reach } from './reach.ts';

/** Connects to an engine as one client, and asks it for an answer. */
export async function askAsClient(target: Target, pair: Pair): Promise<Answer> {
  const reached = await reach(target);
  return 'answer' in reached ? reached.answer : askOverTls(reached.socket, target, pair);
}
