import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { followThing } from '../follow-thing.ts';
import { createProgressLine, progressBar } from '../output/progress-bar.ts';
import { bytes, span } from '../output/quantities.ts';

/** `transfer follow`: a bar until it ends; exit code 1 unless it succeeds. */
export async function followTransfer(context: Context, transferId: string): Promise<void> {
  const line = createProgressLine(context.out);
  const params = { path: { transferId } };
  const transfer = await followThing(context, {
    concerns: (event) => event.subjectId === transferId,
    fetch: () => unwrap(context.client.GET('/api/v1/transfers/{transferId}', { params })),
    changesSilently: true,
    isEnd: ({ endedAt }) => endedAt !== null,
    show: ({ state, bytesDone, bytesTotal, startedAt }) => {
      const share = bytesTotal ? bytesDone / bytesTotal : 0;
      const amount = `${bytes(bytesDone)} of ${bytes(bytesTotal)}`;
      const time = span(startedAt, null, new Date().toISOString());
      line.show(`  ${progressBar(share, 24)} ${state} ${amount} (${time})`);
    },
  });
  line.clear();
  const { id, state, reason, bytesDone, startedAt, endedAt } = transfer;
  const why = reason === null ? '' : `: ${reason}`;
  const took = span(startedAt, endedAt, context.nowAt);
  context.out.item(transfer, () => `${id} ${state}, ${bytes(bytesDone)} in ${took}${why}`);
  if (state !== 'succeeded') process.exitCode = 1;
}
