import { addSeconds } from '@interpulse/domain/time.ts';
import {
  claimCallbacks,
  noteCallbackHeard,
  type DueCallback,
} from '@interpulse/store/action-runs/provided-actions.ts';
import { askProvider } from '../providers/ask-provider.ts';
import { signatureHeader, signCallback } from '../providers/callback-signature.ts';
import type { Hub } from '../hub.ts';

/** Callbacks sent by one round, how often each is tried, and the pause between, in seconds. */
const callbackRound = { limit: 100, attempts: 5, againSeconds: 10, answerSeconds: 5 };

/** Tells those who asked for it that their actions have ended; they ask for the rest themselves. */
export async function callBack(hub: Hub): Promise<boolean> {
  const { limit, attempts, againSeconds } = callbackRound;
  const now = hub.now();
  const againAt = addSeconds(now, againSeconds);
  const due = await claimCallbacks(hub.db, { now, againAt, limit, attempts });
  // Not waited for: one who does not answer holds up no other.
  for (const one of due) void tell(hub, one);
  return due.length === limit;
}

async function tell(hub: Hub, { id, status, callbackUrl, callbackKey }: DueCallback) {
  const body = { action_id: id, status: status === 'ENDED' ? 'FAILED' : status };
  const signature = signCallback(callbackKey, JSON.stringify(body), Date.now());
  try {
    const answer = await askProvider({
      method: 'POST',
      url: callbackUrl,
      headers: { [signatureHeader]: signature },
      body,
      seconds: callbackRound.answerSeconds,
      signal: new AbortController().signal,
    });
    if (answer.status < 500) await noteCallbackHeard(hub.db, id);
  } catch (error) {
    hub.log.info({ err: error, flowRunId: id }, 'who started an action could not be called back');
  }
}
