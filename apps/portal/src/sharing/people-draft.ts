import type { Schemas } from '@interpulse/api/client/create-client.ts';

/** The parts that people may have in a flow, with words for each. */
export const partsOfFlow = [
  { part: 'starters', label: 'May start it', about: 'They see it too' },
  { part: 'viewers', label: 'May see it', about: 'Not its flow runs' },
  { part: 'runMonitors', label: 'See its flow runs', about: 'All, with log and output' },
  {
    part: 'runManagers',
    label: 'Manage its flow runs',
    about: 'See, change, cancel, resume and redo all',
  },
  { part: 'administrators', label: 'Administer it', about: 'Change and share it, as its owner' },
] as const;

type Part = (typeof partsOfFlow)[number]['part'];

/** Who has which part in a flow, as it is edited. */
export type PeopleDraft = Pick<Schemas['Flow'], Part | 'serviceAccount' | 'notify'> & {
  roles: { role: string; account: string }[];
};

/** What is known of a flow, to be edited. */
export function draftOf(flow: Schemas['Flow']): PeopleDraft {
  const { administrators, starters, viewers, runManagers, runMonitors, serviceAccount } = flow;
  const roles = Object.entries(flow.roles).map(([role, account]) => ({ role, account }));
  const parts = { administrators, starters, viewers, runManagers, runMonitors };
  return { ...parts, serviceAccount, roles, notify: flow.notify };
}

/** What changes: the parts that were not touched are left to who else may be changing them. */
export function changesOf(flow: Schemas['Flow'], draft: PeopleDraft): Schemas['ChangeFlowBody'] {
  const named = draft.roles.filter(({ role, account }) => role !== '' && account !== '');
  const roles = Object.fromEntries(named.map(({ role, account }) => [role, account]));
  const after: Schemas['ChangeFlowBody'] = { ...draft, roles };
  const changed = Object.entries(after).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(flow[key as keyof PeopleDraft]),
  );
  return Object.fromEntries(changed);
}

/** Why a name cannot be somebody's who has a part; null when it can. */
export function granteeFault(name: string): string | null {
  if (/^(project:)?[a-z0-9][a-z0-9._-]{0,62}$/.test(name)) return null;
  return `"${name}" is no name: write a user, project:NAME or everyone`;
}
