import { collectionInputSchema } from '@interpulse/domain/flow/file-action-inputs.ts';
import { listCollections } from '@interpulse/store/sites/read-sites.ts';
import type { Action } from './action.ts';
import { endedAtOnce } from './ended-at-once.ts';

/** `interpulse:collection`: what is known of a collection; its agent need not be connected. */
export const collection: Action = {
  deferred: false,

  async start(call) {
    const { tx, state, input } = call;
    const wanted = collectionInputSchema.parse(input).collection;
    const found = (await listCollections(tx)).find(({ name }) => name === wanted);
    if (found === undefined) {
      return { kind: 'unable', reason: `${state}: there is no collection "${wanted}"` };
    }
    const { name, title, siteName, writable } = found;
    const details = { id: name, name, title, display_name: title || name, siteName, writable };
    return endedAtOnce(call, details, { displayStatus: `at ${siteName}` });
  },
};
