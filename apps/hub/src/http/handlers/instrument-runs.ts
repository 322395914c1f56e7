import type { OperationId } from '@interpulse/api/routes/all-routes.ts';
import { authorize } from '@interpulse/domain/access/authorize.ts';
import type { Principal } from '@interpulse/domain/access/principal.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Instrument, InstrumentRun } from '@interpulse/domain/instrument/instrument.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import {
  flowRunOfJob,
  isRunOfProjects,
  listRuns,
  reportResults,
} from '@interpulse/store/instruments/runs.ts';
import { takeRunEvent } from '../../services/take-run-event.ts';
import { demand, hubThing, page, runnableProjects, type Handlers } from '../handler.ts';
import { numberCursor } from '../number-cursor.ts';
import { existing } from './existing.ts';
import { seenInstrument } from './seen-instrument.ts';

type Operations = Extract<OperationId, 'tellRunEvent' | 'listRuns' | 'getRun' | 'reportRunResults'>;

/** What control systems say of runs, and the run table. */
export const instrumentRunHandlers: Handlers<Operations> = {
  async tellRunEvent({ params, body }, call) {
    const { hub, who } = call;
    const instrument = await seenInstrument(call, params.instrument);
    if (!may(who, 'run', instrument.project)) {
      throw new DomainError(
        'forbidden',
        `${who.name} may not tell of runs of ${instrument.name}; members of project ` +
          `${instrument.project} may: ask a manager of it`,
      );
    }
    const event = { ...body, at: body.at ?? hub.now() };
    const { isNew, parameters } = await hub.transaction((tx) =>
      takeRunEvent(hub, tx, instrument, event, who.id),
    );
    return { isNew, parameters };
  },

  async listRuns({ params, query }, call) {
    const { hub, who } = call;
    const instrument = await seenInstrument(call, params.instrument);
    const before = numberCursor(query.cursor, 'runs');
    const limit = query.limit + 1;
    const rows = await listRuns(hub.db, { instrument: instrument.name, before, limit });
    const seen = rows.map((run) => asSeenBy(who, instrument, run));
    return page(seen, query.limit, (run) => String(run.number));
  },

  async getRun({ params }, { hub, who }) {
    const what = `run ${params.run} of instrument "${params.instrument}"`;
    const found = await findInstrument(hub.db, params.instrument);
    const instrument = existing(found, `instrument "${params.instrument}"`);
    const filter = { instrument: instrument.name, only: params.run, limit: 1 };
    const run = existing((await listRuns(hub.db, filter))[0], what);
    // A job is nobody to things of the whole hub, but sees the runs that its project works on.
    if (!seesAll(who, instrument, run)) demand(who, 'read', hubThing, what);
    return asSeenBy(who, instrument, run);
  },

  async reportRunResults({ params, body }, { hub, who }) {
    const found = await findInstrument(hub.db, params.instrument);
    const instrument = existing(found, `instrument "${params.instrument}"`);
    const run = { instrument: instrument.name, number: params.run };
    const mine = runnableProjects(who);
    const isOurs = may(who, 'run', instrument.project);
    if (!isOurs && !(await isRunOfProjects(hub.db, run, mine ?? []))) {
      const what = `run ${run.number} of instrument "${run.instrument}"`;
      demand(who, 'read', hubThing, what);
      throw new DomainError(
        'forbidden',
        `${who.name} may not report results of ${what}: members of project ` +
          `${instrument.project} may, and of projects whose flow runs work on it`,
      );
    }
    const { jobId } = who;
    return hub.transaction(async (tx) => {
      const flowRunId = jobId === null ? null : await flowRunOfJob(tx, jobId);
      const source = { at: hub.now(), by: who.id, flowRunId, jobId };
      const results = await reportResults(tx, run, body, source);
      tx.notify([eventsTopic]);
      return { results };
    });
  },
};

function may(who: Principal, verb: 'read' | 'run', project: string | null): boolean {
  return project !== null && authorize(who, verb, { project, ownerId: null }) === 'allowed';
}

type Row = InstrumentRun & { flowProject: string | null };

function seesAll(who: Principal, instrument: Instrument, run: Row): boolean {
  return may(who, 'read', instrument.project) || may(who, 'read', run.flowProject);
}

/** What was set and found is for those who belong to the instrument's or the flow run's project. */
function asSeenBy(who: Principal, instrument: Instrument, row: Row): InstrumentRun {
  const { flowProject: _, ...run } = row;
  return seesAll(who, instrument, row) ? run : { ...run, parameters: {}, results: [] };
}
