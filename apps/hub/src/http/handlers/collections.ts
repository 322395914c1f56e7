import { DomainError } from '@interpulse/domain/error.ts';
import { listCollections } from '@interpulse/store/sites/read-sites.ts';
import { askAgent, askCollection } from '../../agents/ask-agent.ts';
import { demandCollections } from '../../services/refuse-collections.ts';
import { demand, hubThing, type Handlers } from '../handler.ts';

/** Collections and what lies in them. */
export const collectionHandlers: Handlers<'listCollections' | 'listFolder'> = {
  async listCollections(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of collections');
    return { items: await listCollections(hub.db), next: null };
  },

  async listFolder({ query }, { hub, who }) {
    demand(who, 'run', hubThing, 'folder');
    const { location } = query;
    await demandCollections(hub.db, { project: null, by: who }, 'read', [location]);
    const session = await askCollection(hub, location);
    const { answer } = await askAgent(session, { ask: 'listFolder', location: query.location });
    if (answer.answer !== 'folder')
      throw new DomainError('unavailable', 'the agent answered oddly');
    return { location: query.location, entries: answer.entries };
  },
};
