import type { webInputRoutes } from '@interpulse/api/routes/web-inputs.ts';
import { authorize, type Thing } from '@interpulse/domain/access/authorize.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { flowRunThing } from '@interpulse/domain/flow-run/flow-access.ts';
import { mayAnswer } from '@interpulse/domain/web-input/respondents.ts';
import type { WebInput } from '@interpulse/domain/web-input/web-input.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import {
  findWebInput,
  listWebInputs,
  type StoredWebInput,
} from '@interpulse/store/web-inputs/read-web-inputs.ts';
import { endAndTell } from '../../web-inputs/end-and-tell.ts';
import { demand, page, questionReader, type Call, type Handlers } from '../handler.ts';
import { idempotently } from '../idempotently.ts';
import { existing } from './existing.ts';

/** Questions that flow runs ask people. */
export const webInputHandlers: Handlers<keyof typeof webInputRoutes> = {
  async listWebInputs({ query }, { hub, who }) {
    const rows = await listWebInputs(hub.db, {
      ...query,
      reader: questionReader(who),
      before: query.cursor,
      limit: query.limit + 1,
    });
    const items = rows.map((row) => shownTo(who, row));
    return page(items, query.limit, (item) => item.id);
  },

  async getWebInput({ params }, { hub, who }) {
    return shownTo(who, await seen(hub.db, who, params.webInputId));
  },

  respondToWebInput: ({ params, body }, call) =>
    idempotently(call, { ...params, ...body }, async (tx) => {
      const { hub, who } = call;
      const asked = await seen(tx, who, params.webInputId);
      if (!mayAnswer(who, asked)) {
        const message = `${who.name} may see question ${asked.id}, but not answer it`;
        throw new DomainError('forbidden', `${message}; ${whoMay(asked)}`);
      }
      const ending = { kind: 'answer', by: who.name, ...body } as const;
      await endAndTell(hub, tx, asked, { ending, actor: who.id });
      return shownTo(who, existing(await findWebInput(tx, asked.id), `question ${asked.id}`));
    }),

  async closeWebInput({ params, body }, call) {
    const { hub, who } = call;
    const asked = await seen(hub.db, who, params.webInputId);
    demand(who, 'administer', thingOf(asked), `question ${asked.id}`);
    const ending = { kind: 'close', by: who.name, reason: body.reason } as const;
    await hub.transaction((tx) => endAndTell(hub, tx, asked, { ending, actor: who.id }));
    return reread(call, asked.id);
  },
};

/** A question as one may see it, or the error that there is none. */
async function seen(db: Executor, who: Principal, id: string): Promise<StoredWebInput> {
  const asked = existing(await findWebInput(db, id), `question ${id}`);
  if (!mayAnswer(who, asked)) demand(who, 'read', thingOf(asked), `question ${id}`);
  return asked;
}

async function reread({ hub, who }: Call, id: string): Promise<WebInput> {
  return shownTo(who, await seen(hub.db, who, id));
}

/** Who manages the flow run may close its questions: what hangs on them is theirs to decide. */
function thingOf({ project, ownerId, parts }: StoredWebInput): Thing {
  const thing = flowRunThing({ project, ownerId, ...parts }, parts);
  const { run = [] } = thing.grants ?? {};
  return { ...thing, grants: { ...thing.grants, administer: run } };
}

function whoMay({ users, projects, respondentsPrivate }: StoredWebInput): string {
  if (respondentsPrivate) return 'ask who runs the flow';
  const members = projects.map((project) => `members of ${project}`);
  return `it is for ${[...users, ...members].join(', ')}`;
}

function shownTo(who: Principal, asked: StoredWebInput): WebInput {
  const { ownerId: _, parts: __, users, projects, respondentsPrivate, ...rest } = asked;
  const isOpen = rest.status === 'open';
  return {
    ...rest,
    respondents: respondentsPrivate ? null : { users, projects },
    mayAnswer: isOpen && mayAnswer(who, { users, projects }),
    mayClose: isOpen && authorize(who, 'administer', thingOf(asked)) === 'allowed',
  };
}
