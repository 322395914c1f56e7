import { reportInputSchema } from '@interpulse/domain/flow/action-inputs.ts';
import type { ResultReport } from '@interpulse/domain/instrument/run-result.ts';
import { previewAtLocation } from '@interpulse/store/catalog/write-datasets.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { findInstrument } from '@interpulse/store/instruments/instruments.ts';
import { reportResults } from '@interpulse/store/instruments/runs.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { demandCollections } from '../services/refuse-collections.ts';
import type { Action } from './action.ts';
import { endedAtOnce } from './ended-at-once.ts';

/**
 * `interpulse:report`: results of a flow run stand in the run table of its instrument, merged by
 * their keys. The same step again changes nothing.
 */
export const report: Action = {
  deferred: false,

  async start(call) {
    const { tx, run, input, at } = call;
    const wanted = reportInputSchema.parse(input);
    const instrument = wanted.instrument ?? run.instrument;
    const number = wanted.run ?? run.shotNumber;
    if (instrument === null || number === null) {
      const reason = 'the flow run belongs to no run of an instrument; give "instrument" and "run"';
      return { kind: 'unable', reason };
    }
    const isOwn = instrument === run.instrument && number === run.shotNumber;
    const found = await findInstrument(tx, instrument);
    if (found === undefined || (!isOwn && found.project !== run.project)) {
      const reason =
        `project ${run.project} has no instrument "${instrument}" that it may report to; ` +
        'leave "instrument" and "run" out to report to the run that started the flow';
      return { kind: 'unable', reason };
    }
    const { project, ownerId: by } = run;
    const read = wanted.figuresOf ? [wanted.figuresOf] : [];
    await demandCollections(tx, { project, by }, 'read', read);
    const figures = wanted.figuresOf ? await figuresAt(tx, wanted.figuresOf) : [];
    const reports = [...figures, ...wanted.results];
    if (reports.length > 0) {
      const source = { at, by: run.ownerId, flowRunId: run.id, jobId: null };
      await reportResults(tx, { instrument, number }, reports, source);
      tx.notify([eventsTopic]);
    }
    const details = { instrument, run: number, keys: reports.map(({ key }) => key) };
    return endedAtOnce(call, details, {
      displayStatus: 'reported',
      label: `results of run ${number}`,
    });
  },
};

/** The figures of a preview are results: decay rate, with its unit and uncertainty. */
async function figuresAt(tx: Executor, location: string): Promise<ResultReport[]> {
  const preview = await previewAtLocation(tx, location);
  return (preview?.figures ?? []).map(({ label, value, error, unit }) => ({
    key: label,
    value,
    ...(error === undefined ? {} : { error }),
    ...(unit ? { unit } : {}),
  }));
}
