import type { RouteOutput } from '@interpulse/api/routes/all-routes.ts';
import type { App } from '@interpulse/domain/app/app.ts';
import { inspectApp } from '@interpulse/domain/app/inspect-app.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { appDigests } from '@interpulse/store/apps/code-digest.ts';
import {
  deleteApp,
  findApp,
  listApps,
  saveApp,
  type StoredApp,
} from '@interpulse/store/apps/apps.ts';
import { topics } from '../../hub.ts';
import { demand, hubThing, page, type Call, type Handlers } from '../handler.ts';
import { noteEvent } from '../note-event.ts';
import { existing } from './existing.ts';

/** Apps that sites can run. */
export const appHandlers: Handlers<'listApps' | 'getApp' | 'saveApp' | 'removeApp'> = {
  async listApps({ query }, { hub, who }) {
    demand(who, 'read', hubThing, 'list of apps');
    const { cursor, limit } = query;
    const rows = await listApps(hub.db, { after: cursor, limit: limit + 1 });
    return page(rows.map(registered), limit, (app) => app.name);
  },

  getApp: ({ params }, call) => seenApp(call, params.app),

  async saveApp({ params, body }, call) {
    const { hub, who } = call;
    demand(who, 'administer', hubThing, `app ${params.app}`);
    const app = { ...body, name: params.app };
    refuseFaults(app);
    await hub.transaction(async (tx) => {
      const changed = await saveApp(tx, app, hub.now());
      if (!changed) return;
      const fact = { kind: 'app.saved', subjectType: 'app' as const, subjectId: app.name };
      await noteEvent(call, tx, { ...fact, data: { digest: appDigests(app)['*'] ?? null } });
      tx.notify([topics.queuedJobs]);
    });
    return seenApp(call, params.app);
  },

  async removeApp({ params }, call) {
    const { hub, who } = call;
    demand(who, 'administer', hubThing, `app ${params.app}`);
    await hub.transaction(async (tx) => {
      if (!(await deleteApp(tx, params.app))) {
        throw new DomainError('notFound', `there is no app "${params.app}"`);
      }
      const fact = { kind: 'app.removed', subjectType: 'app' as const, subjectId: params.app };
      await noteEvent(call, tx, fact);
    });
    return undefined;
  },
};

function refuseFaults(app: App): void {
  const faults = inspectApp(app);
  const [first] = faults;
  if (first === undefined) return;
  const message = `app ${app.name} cannot be saved: ${first.msg}`;
  throw new DomainError('invalid', message, { faults });
}

function registered({ app, revision, updatedAt }: StoredApp): RouteOutput<'getApp'> {
  return { ...app, revision, updatedAt, digests: appDigests(app) };
}

async function seenApp({ hub, who }: Call, name: string) {
  demand(who, 'read', hubThing, 'list of apps');
  return registered(existing(await findApp(hub.db, name), `app "${name}"`));
}
