import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { duration } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';

/** `instrument timing`: how its last shots stood to their deadlines, and where the time went. */
export async function showTiming(
  context: Context,
  instrument: string,
  options: { shots?: number | undefined },
): Promise<void> {
  const query = options.shots === undefined ? {} : { shots: options.shots };
  const params = { path: { instrument }, query };
  const found = await unwrap(
    context.client.GET('/api/v1/instruments/{instrument}/timing', { params }),
  );
  context.out.document(found, () => {
    const { counts, typical, shots, budgetSeconds, medianLateSeconds } = found;
    const late = medianLateSeconds === null ? '' : `, by ${duration(medianLateSeconds)}`;
    const fields = renderFields([
      ['shots', shots.length],
      ['budget', duration(budgetSeconds)],
      ['in time', counts.hit],
      ['late', `${counts.late}${late}`],
      ['failed', counts.failed],
      ['on their way', counts.pending],
      ['not taken up', counts.none],
    ]);
    const table = renderTable({
      columns: ['where the time went', 'median', '9 of 10 below', 'share'],
      rows: typical
        .filter(({ share }) => share > 0)
        .map(({ piece, medianSeconds, p90Seconds, share }) => [
          piece,
          duration(medianSeconds),
          duration(p90Seconds),
          `${(share * 100).toFixed(1)} %`,
        ]),
      empty: `no shot of ${instrument} was answered yet`,
    });
    return `${fields}\n\n${table}`;
  });
}
