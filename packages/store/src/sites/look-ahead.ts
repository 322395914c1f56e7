import type { LimitUse } from '@interpulse/domain/placement/snapshot.ts';
import { assumptions } from '@interpulse/domain/placement/assumptions.ts';
import type { Executor } from '../executor.ts';
import { roomForNewSql, roomOf, type RoomForNew, type RoomRow } from '../jobs/lease-jobs.ts';
import { revisionsOf, revisionsSql, type RevisionRow, type Revisions } from '../revisions.ts';
import { statement } from '../statement.ts';
import { limitUsesSql } from './limits.ts';
import {
  siteSnapshotsSql,
  snapshotOf,
  type SnapshotRow,
  type StoredSnapshot,
} from './read-site-snapshots.ts';

/** What the start of a step needs to know, most likely at one site. */
export interface LookedAhead {
  revisions: Revisions;
  sites: StoredSnapshot[];
  limits: LimitUse[];
  room: RoomForNew;
}

interface LookedRows {
  revisions: RevisionRow[];
  sites: SnapshotRow[];
  limits: LimitUse[];
  room: RoomRow[];
}

/** A part of the look as JSON; its parameters by their names in it: `{ 1: '$3' }`. */
const part = (sql: string, names: Record<string, string> = {}): string =>
  `(select coalesce(jsonb_agg(p), '[]') from (${sql.replaceAll(
    /\$(\d)/g,
    (_, number: string) => names[number] ?? '',
  )}) p)`;

/** $1 now, $2 assumed seconds, $3 site. */
const look = statement<LookedRows, [string, number, string]>(
  'look_ahead',
  `select ${part(revisionsSql)} as revisions,
     ${part(siteSnapshotsSql, { 1: '$1', 2: '$2' })} as sites, ${part(limitUsesSql)} as limits,
     ${part(roomForNewSql, { 1: '$3', 2: '$1', 3: '$2' })} as room`,
);

/** Reads it all by one statement: what is small costs more to ask for than to answer. */
export async function lookAhead(tx: Executor, siteId: string, now: string): Promise<LookedAhead> {
  const [row] = await tx.run(look, now, assumptions.runSeconds, siteId);
  return {
    revisions: revisionsOf(row?.revisions ?? []),
    sites: (row?.sites ?? []).map(snapshotOf),
    limits: row?.limits ?? [],
    room: roomOf(row?.room ?? []),
  };
}
