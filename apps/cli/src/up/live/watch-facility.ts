import { setTimeout as delay } from 'node:timers/promises';
import {
  unwrap,
  type InterpulseClient,
  type Schemas,
} from '@interpulse/api/client/create-client.ts';
import { followEvents } from '../../connection/follow-events.ts';
import type { Context } from '../../context.ts';
import { figuresOf } from '../../dataset/show.ts';
import { emptyView, type FacilityView, type WatchedRun } from './facility-view.ts';
import { linesOfChange } from './lines-of-change.ts';
import { renderView } from './render-view.ts';
import type { Screen } from './screen.ts';

const shownShots = 8;
const shownRuns = 4;
/** Events within this time are looked at together. */
const batchMilliseconds = 200;
const tickMilliseconds = 500;

/** Shows an instrument's life until the signal aborts: news by events, clocks by a tick. */
export async function watchFacility(
  context: Context,
  instrument: string,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  let view = emptyView(context.connection.url);
  let isStale = false;
  let isLooking = false;
  const draw = () => {
    if (screen.isTerminal) screen.draw(renderView(view, Date.now(), screen.width));
  };
  const look = async (): Promise<void> => {
    isStale = true;
    if (isLooking) return;
    isLooking = true;
    while (isStale && !signal.aborted) {
      isStale = false;
      const next = await lookAround(context, instrument, view);
      if (!screen.isTerminal) for (const line of linesOfChange(view, next)) screen.say(line);
      view = next;
      draw();
      await delay(batchMilliseconds, undefined, { signal }).catch(() => undefined);
    }
    isLooking = false;
  };
  const ticker = setInterval(draw, tickMilliseconds);
  try {
    await followEvents(context.connection, {
      signal,
      onOpen: () => void look(),
      onEvent: () => void look(),
    });
  } finally {
    clearInterval(ticker);
  }
}

/** The facility as it is now; what cannot be asked stays as it was. */
async function lookAround(
  { client }: Context,
  instrument: string,
  before: FacilityView,
): Promise<FacilityView> {
  const path = { instrument };
  try {
    const [known, shots, sites] = await Promise.all([
      unwrap(client.GET('/api/v1/instruments/{instrument}', { params: { path } })),
      unwrap(
        client.GET('/api/v1/instruments/{instrument}/shots', {
          params: { path, query: { limit: shownShots } },
        }),
      ),
      unwrap(client.GET('/api/v1/sites', { params: { query: {} } })),
    ]);
    const runs = await watchedRuns(client, shots.items, before);
    const figures = new Map<string, readonly [string, string][]>();
    for (const { resultDatasetId: id } of shots.items) {
      if (id === null) continue;
      const seen = before.figures.get(id);
      figures.set(id, seen ?? (await figuresOf({ client }, id).catch(() => [])));
    }
    return {
      ...before,
      instrument: known,
      shots: shots.items,
      sites: sites.items,
      runs,
      figures,
      isConnected: true,
    };
  } catch {
    // The stream of events opens again when the hub is back, and brings us here.
    return { ...before, isConnected: false };
  }
}

/** The runs at work, the newest one, and those that were at work when we looked before. */
async function watchedRuns(
  client: InterpulseClient,
  shots: readonly Schemas['Shot'][],
  before: FacilityView,
): Promise<WatchedRun[]> {
  const ids = new Set(
    before.runs.filter((run) => run.flowRun.endedAt === null).map((run) => run.flowRun.id),
  );
  let isNewest = true;
  for (const { flowRunId, flowStatus } of shots) {
    if (flowRunId === null) continue;
    const isOpen = flowStatus === 'ACTIVE' || flowStatus === 'INACTIVE';
    if (isNewest || (isOpen && ids.size < shownRuns)) ids.add(flowRunId);
    isNewest = false;
  }
  const runs = await Promise.all(
    [...ids].map((flowRunId) =>
      unwrap(client.GET('/api/v1/flow-runs/{flowRunId}', { params: { path: { flowRunId } } })),
    ),
  );
  // Ids sort by time.
  return runs.toSorted((a, b) => (a.flowRun.id < b.flowRun.id ? -1 : 1));
}
