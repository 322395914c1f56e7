import type { AgentState } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { appPolicySchema } from '@interpulse/domain/site/site.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

const updateSite = statement<{ wasSilent: boolean; name: string }, unknown[]>(
  'save_agent_state',
  `update sites s set roles = $2, cores_per_node = $3, max_nodes = $4, batch = $5,
     scratch_collection = $6, allows_commands = $7, channel = $8::jsonb, version = $9, host = $10,
     seen_at = $11::timestamptz, labels = $12, apps = $13::jsonb, launcher = $14,
     pool_offers = $15::jsonb, silent = false
   from (select id, silent from sites where id = $1 for update) was
   where s.id = was.id returning was.silent as "wasSilent", s.name`,
);

const savePools = statement<never, [string, string[]]>(
  'save_pools',
  `insert into pools (site_id, name) select $1, unnest($2::text[]) on conflict do nothing`,
);

const saveCollections = statement<{ name: string }, [string, string]>(
  'save_collections',
  `insert into collections as c (name, site_id, title, writable, project)
   select name, $1, title, writable, project
   from jsonb_to_recordset($2::jsonb) as r(name text, title text, writable boolean,
     project text)
   on conflict (name) do update set title = excluded.title, writable = excluded.writable,
     project = excluded.project
     where c.site_id = excluded.site_id
   returning name`,
);

const saveInstruments = statement<{ name: string }, [string, string]>(
  'save_instruments',
  `insert into instruments as i
     (name, id, title, site_id, collection, project, return_to, period_seconds)
   select name, id, title, $1, collection, project, "returnTo", "periodSeconds"
   from jsonb_to_recordset($2::jsonb) as r(name text, id text, title text, collection text,
     project text, "returnTo" text, "periodSeconds" float8)
   on conflict (name) do update set title = excluded.title, collection = excluded.collection,
     project = excluded.project, return_to = excluded.return_to,
     period_seconds = excluded.period_seconds
     where i.site_id = excluded.site_id
   returning name`,
);

/** What saving an agent's state found out. */
export interface SavedAgentState {
  siteName: string;
  wasSilent: boolean;
  /** Names that another site holds: not taken. */
  refused: string[];
}

/** Writes what an agent says it is: its site's offers, collections and instruments. */
export async function saveAgentState(
  tx: Executor,
  siteId: string,
  state: AgentState,
  at: string,
  instrumentIds: ReadonlyMap<string, string>,
): Promise<SavedAgentState> {
  const pools = state.compute?.pools ?? [];
  const [site] = await tx.run(updateSite, siteId, ...siteColumns(state, at));
  if (site === undefined) throw new Error(`agent state for ${siteId}, which does not exist`);
  await tx.run(
    savePools,
    siteId,
    pools.map((pool) => pool.name),
  );
  const collections = await tx.run(saveCollections, siteId, jsonb(state.collections));
  const offers = state.instruments.map((offer) => ({
    ...offer,
    id: instrumentIds.get(offer.name),
  }));
  const instruments = await tx.run(saveInstruments, siteId, jsonb(offers));
  const taken = new Set([...collections, ...instruments].map((row) => row.name));
  const offered = [...state.collections, ...state.instruments].map((offer) => offer.name);
  return {
    siteName: site.name,
    wasSilent: site.wasSilent,
    refused: offered.filter((name) => !taken.has(name)),
  };
}

/** The parameters of `updateSite` from the second on. */
function siteColumns(state: AgentState, at: string): unknown[] {
  const { compute } = state;
  const pools = compute?.pools ?? [];
  return [
    [
      ...(compute ? ['compute'] : []),
      ...(state.collections.length > 0 ? ['storage'] : []),
      ...(state.instruments.length > 0 ? ['instrument'] : []),
    ],
    Math.max(0, ...pools.map((pool) => pool.coresPerNode)),
    Math.max(0, ...pools.map((pool) => pool.settings.nodesPerPilot)),
    compute?.batch ?? null,
    compute?.scratchCollection ?? null,
    compute?.allowsCommands ?? false,
    state.channel === null ? null : jsonb(state.channel),
    state.version,
    state.host,
    at,
    compute?.labels ?? [],
    jsonb(compute?.apps ?? appPolicySchema.parse({})),
    compute?.launcher ?? null,
    jsonb(pools),
  ];
}
