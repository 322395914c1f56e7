import type { Collection, Site } from '@interpulse/domain/site/site.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';
import { selectSitesSql, siteOf, type SiteRow } from './site-row.ts';

/** All sites by name, with their load. */
export async function listSites(db: Executor): Promise<Site[]> {
  return (await db.query<SiteRow>(`${selectSitesSql} order by s.name`)).map(siteOf);
}

/** One site by name, or undefined. */
export async function findSite(db: Executor, name: string): Promise<Site | undefined> {
  const [row] = await db.query<SiteRow>(`${selectSitesSql} where s.name = $1`, [name]);
  return row && siteOf(row);
}

/** All collections by name. */
export async function listCollections(db: Executor): Promise<Collection[]> {
  return db.query<Collection>(
    `select c.name, s.name as "siteName", s.agent_id as "agentId", c.writable, c.title,
       c.project
     from collections c join sites s on s.id = c.site_id order by c.name`,
  );
}

/** The site that holds a collection. */
export interface CollectionSite {
  siteId: string;
  siteName: string;
  writable: boolean;
  /** Whose it is; null for everybody's. */
  project: string | null;
}

const selectCollectionSites = statement<CollectionSite & { name: string }, [readonly string[]]>(
  'collection_sites',
  `select c.name, s.id as "siteId", s.name as "siteName", c.writable, c.project
   from collections c join sites s on s.id = c.site_id where c.name = any($1)`,
);

/** The sites that hold collections, by the collections' names; none where there is none. */
export async function findCollectionSites(
  db: Executor,
  names: readonly string[],
): Promise<Map<string, CollectionSite>> {
  if (names.length === 0) return new Map();
  const rows = await db.run(selectCollectionSites, [...new Set(names)]);
  return new Map(rows.map(({ name, ...site }) => [name, site]));
}

/** The site that holds a collection, or undefined. */
export async function findCollectionSite(
  db: Executor,
  name: string,
): Promise<CollectionSite | undefined> {
  return (await findCollectionSites(db, [name])).get(name);
}

/** Where other agents reach a site's byte channel. */
export interface ChannelAddress {
  host: string;
  port: number;
  fingerprint: string | null;
}
