import type { ForeignAction } from './foreign-mapping.ts';

/** Which of ours stands in for an action of Globus, or what to do where none can. */
export type KnownForeign = { action: ForeignAction } | { advice: string };

const toSkip = 'map the address to "interpulse:skip" in mapping.actions to pass the step over';
const person =
  'here a person is asked by the states CreateWebInput and AwaitWebInput; write the step as these';

const ofTransfer: Record<string, KnownForeign> = {
  transfer: { action: 'interpulse:transfer' },
  ls: { action: 'interpulse:list' },
  stat: { action: 'interpulse:stat' },
  mkdir: { action: 'interpulse:mkdir' },
  delete: { action: 'interpulse:delete' },
  collection_info: { action: 'interpulse:collection' },
  set_permission: { action: 'interpulse:access' },
  manage_permission: { action: 'interpulse:access' },
};

const ofActions: Record<string, KnownForeign> = {
  'search/ingest': { action: 'interpulse:ingest' },
  'search/delete': { advice: `datasets stay; ${toSkip}` },
  'notification/notify': { action: 'interpulse:notify' },
  hello_world: { action: 'interpulse:hello' },
  expression_eval: { action: 'interpulse:evaluate' },
  'weboption/wait_for_option': { advice: person },
  'datacite/mint/basic_auth': { advice: `nothing here makes DOIs yet; ${toSkip}` },
};

const compute = [
  'https://compute.actions.globus.org',
  'https://compute.actions.globus.org/fxap',
  'https://compute.actions.globus.org/v2',
  'https://compute.actions.globus.org/v3',
  'https://automate.funcx.org',
  'https://api.funcx.org/automate',
];

/** What is known of the actions that Globus hosts, under each of their addresses. */
export const knownForeignActions: ReadonlyMap<string, KnownForeign> = new Map([
  ...compute.map((url): [string, KnownForeign] => [url, { action: 'interpulse:compute' }]),
  ...under('https://transfer.actions.globus.org', ofTransfer),
  ...under('https://actions.globus.org/transfer', ofTransfer),
  ...under('https://actions.automate.globus.org/transfer', ofTransfer),
  ...under('https://actions.globus.org', ofActions),
  ...under('https://actions.automate.globus.org', ofActions),
]);

function under(base: string, actions: Record<string, KnownForeign>): [string, KnownForeign][] {
  return Object.entries(actions).map(([name, known]) => [`${base}/${name}`, known]);
}
