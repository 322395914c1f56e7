import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { openInBatch } from '@interpulse/domain/flow-run/open-in-batch.ts';
import { duration, localTime } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';

type Batch = Schemas['FlowBatch'];

/** A bulk start as the hub tells it. */
interface ToldBatch {
  batch: Batch;
  progress: Schemas['FlowBatchProgress'];
  faults: { position: number; reason: string }[];
}

/** A bulk start for people: how it stands, when it ends, what failed and why. */
export function describeBatch({ batch, progress, faults }: ToldBatch, nowAt: string): string {
  const { expectedEndAt, runSeconds, failures, doneAgain } = progress;
  const parts = [
    renderFields([
      ['bulk start', batch.id],
      ['flow', batch.flowName],
      ['label', batch.label],
      ['flow runs', countsOfBatch(batch)],
      ['ended', `${batch.total - openInBatch(batch)} of ${batch.total}`],
      ['expected', localTime(expectedEndAt, nowAt)],
      ['run time', runSeconds === null ? null : timesOf(runSeconds)],
      ['canceled', localTime(batch.canceledAt, nowAt)],
      ...doneAgain.map(
        ({ id, count, succeeded }) =>
          ['done again', `${count} in ${id}: ${succeeded} well`] as const,
      ),
    ]),
  ];
  if (failures.length > 0) {
    const rows = failures.map(({ count, reason, examples }) => [
      count,
      reason,
      examples[0]?.id ?? null,
    ]);
    parts.push(renderTable({ columns: ['failed', 'reason', 'for example'], rows, empty: '' }));
    const again = `interpulse flow-run rerun --batch ${batch.id} --filter failed`;
    parts.push(`what failed is done again with: ${again}`);
  }
  if (faults.length > 0) {
    const lines = faults.map(({ position, reason }) => `  input ${position + 1}: ${reason}`);
    parts.push(['could not be started:', ...lines].join('\n'));
  }
  return parts.join('\n\n');
}

/** How many flow runs a bulk start has, and how they stand. */
export function countsOfBatch({ total, waiting, faulty, byStatus }: Batch): string {
  const counts = Object.entries(byStatus).map(([status, count]) => `${count} ${status}`);
  if (waiting > 0) counts.push(`${waiting} to start`);
  if (faulty > 0) counts.push(`${faulty} not started`);
  return `${total} flow runs${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
}

function timesOf({ p50, p90, longest }: { p50: number; p90: number; longest: number }): string {
  return `half within ${duration(p50)}, nine of ten ${duration(p90)}, longest ${duration(longest)}`;
}
