import type { Schemas } from '@interpulse/api/client/create-client.ts';

type Job = Schemas['Job'];

/** What one owner does with one app at a site. */
export interface WorkGroup {
  owner: string;
  project: string;
  app: string | null;
  active: number;
  waiting: number;
  activeCores: number;
}

/** Jobs by owner, project and app; who has the most cores first. */
export function groupWork(jobs: readonly Job[]): WorkGroup[] {
  const groups = new Map<string, WorkGroup>();
  for (const { owner, project, app, state, resources } of jobs) {
    const key = JSON.stringify([owner, project, app]);
    const blank = { owner, project, app, active: 0, waiting: 0, activeCores: 0 };
    const group = groups.get(key) ?? blank;
    groups.set(key, group);
    if (state === 'active') {
      group.active += 1;
      group.activeCores += resources.nodes * resources.cores;
    } else {
      group.waiting += 1;
    }
  }
  return [...groups.values()].sort(
    (a, b) => b.activeCores - a.activeCores || b.waiting - a.waiting,
  );
}
