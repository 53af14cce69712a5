import { isMtlsError } from '@docker-mtls/errors';
import type { PairPem } from '@docker-mtls/proof';
import { makeStranger } from '@docker-mtls/proof';
import type { Diagnosis, DoctorOrder } from './doctor-order.ts';
import { diagnoseHere } from './diagnose-here.ts';
import { examineContext } from './examine-context.ts';
import { examineSsh } from './examine-ssh.ts';
import { examineTcp } from './examine-tcp.ts';
import { someAtOnce } from './some-at-once.ts';
import type { DoctorTarget } from './target.ts';

/** Targets at work at the same time: each has up to nine connections. */
const AT_ONCE = 24;

/** Looks at every target, and returns what was found in the order of the targets. Nothing is changed anywhere. */
export async function diagnose(order: DoctorOrder): Promise<readonly Diagnosis[]> {
  const { targets, onDone } = order;
  const stranger = makeStranger(order.now());
  let done = 0;
  return someAtOnce(targets, AT_ONCE, async (target) => {
    const diagnosis = await diagnoseOne(order, target, stranger);
    done += 1;
    onDone?.(done, targets.length);
    return diagnosis;
  });
}

async function diagnoseOne(order: DoctorOrder, target: DoctorTarget, stranger: PairPem): Promise<Diagnosis> {
  const { text } = target;
  try {
    switch (target.kind) {
      case 'local':
        return { target: text, ...(await diagnoseHere(order, stranger)) };
      case 'context':
        return { target: text, ...(await examineContext(order, target.name, stranger)) };
      case 'ssh':
        return { target: text, ...(await examineSsh(order, target.host)) };
      case 'tcp': {
        const { client, patienceMs, now } = order;
        return await examineTcp({ ...target, client, stranger, patienceMs, now });
      }
    }
  } catch (error) {
    // One target that cannot be looked at leaves the others.
    if (!isMtlsError(error)) throw error;
    return { target: text, found: [], unseen: [], failed: error.message };
  }
}
