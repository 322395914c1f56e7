import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { duration, localTime } from '../output/quantities.ts';
import { renderFields } from '../output/render-table.ts';

/** `instrument list`. */
export async function listInstruments(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/instruments', { params: { query } })),
    (instruments) => ({
      columns: ['instrument', 'site', 'status', 'period', 'last shot', 'at', 'next'],
      rows: instruments.map((each) => [
        each.name,
        each.siteName,
        each.status,
        duration(each.periodSeconds),
        each.lastShotNumber,
        localTime(each.lastShotAt, context.nowAt),
        localTime(each.nextShotAt, context.nowAt),
      ]),
      empty: 'no instruments; an agent offers them',
    }),
  );
}

/** `instrument show`. */
export async function showInstrument(context: Context, instrument: string): Promise<void> {
  const params = { path: { instrument } };
  const found = await unwrap(context.client.GET('/api/v1/instruments/{instrument}', { params }));
  context.out.document(found, () =>
    renderFields([
      ['instrument', found.title === '' ? found.name : `${found.name} (${found.title})`],
      ['status', found.status],
      ['site', found.siteName],
      ['collection', found.collection],
      ['answers go to', found.returnTo],
      ['period', duration(found.periodSeconds)],
      ['last shot', found.lastShotNumber],
      ['taken', localTime(found.lastShotAt, context.nowAt)],
      ['next', localTime(found.nextShotAt, context.nowAt)],
    ]),
  );
}

/** `instrument shots`. */
export async function listShots(
  context: Context,
  instrument: string,
  options: Paging,
): Promise<void> {
  const path = { instrument };
  await printList(
    context,
    options,
    (query) =>
      unwrap(
        context.client.GET('/api/v1/instruments/{instrument}/shots', { params: { path, query } }),
      ),
    (shots) => ({
      columns: ['shot', 'taken', 'flow run', 'status', 'answered after', 'in time', 'result'],
      rows: shots.map((shot) => [
        shot.number,
        localTime(shot.takenAt, context.nowAt),
        shot.flowRunId,
        shot.flowStatus,
        duration(shot.answerSeconds),
        shot.inTime === null ? null : shot.inTime ? 'yes' : 'no',
        shot.resultDatasetId,
      ]),
      empty: `${instrument} has taken no shots`,
    }),
  );
}
