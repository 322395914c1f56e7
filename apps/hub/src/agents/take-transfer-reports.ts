import type { TransferReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds, secondsBetween } from '@interpulse/domain/time.ts';
import { transferBackoffSeconds } from '@interpulse/domain/transfer/transfer-state.ts';
import { noteChecksums } from '@interpulse/store/catalog/write-datasets.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { lockFlowRunsOf } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import {
  endTransferAttempts,
  lockJobsOfTransfers,
  noteProgress,
  type ChangedTransfer,
  type TransferEnd,
} from '@interpulse/store/transfers/change-transfers.ts';
import { findTransfers, observeLinkRate } from '@interpulse/store/transfers/transfers.ts';
import { noticeEndedTransfers } from '../services/notice-ended-transfers.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';
import { askForStarts } from '../services/ask-for-starts.ts';
import { expectsSteps, noteSteps } from '../services/expect-steps.ts';
import { takeApart } from './take-apart.ts';

/** Below this many bytes a transfer's time says nothing of the link. */
const measurableBytes = 1_000_000;

/**
 * Takes what receiving sites say of transfers, fenced by attempt; who waited for an end goes on at
 * once, all in one transaction.
 */
export async function takeTransferReports(
  hub: Hub,
  siteId: string,
  reports: readonly TransferReport[],
): Promise<void> {
  await takeApart(reports, (some) => takeTogether(hub, siteId, some));
}

async function takeTogether(
  hub: Hub,
  siteId: string,
  reports: readonly TransferReport[],
): Promise<void> {
  const at = hub.now();
  const told = (report: TransferReport): [string, TransferReport] => [report.transferId, report];
  const ending = reports.filter(({ event }) => event !== 'progress');
  const endings = new Map(ending.toReversed().map(told));
  const latest = new Map(reports.filter(({ event }) => event === 'progress').map(told));
  const transferIds = [...endings.keys()];
  await hub.transaction(async (tx) => {
    if (endings.size === 0) return noteProgress(tx, siteId, [...latest.values()]);
    const ends = [...endings.values()].map((report) => endOf(report, at));
    // Issued together, carried out in this order.
    tx.ahead.ask('flowRuns', lockFlowRunsOf(tx, { transferIds }));
    const locked = lockJobsOfTransfers(tx, transferIds);
    const seen = noteProgress(tx, siteId, [...latest.values()]);
    const ended = endTransferAttempts(tx, siteId, ends, at);
    if (expectsSteps(hub, siteId, 'transfers')) {
      tx.ahead.ask('transfers', findTransfers(tx, transferIds));
      void askForStarts(hub, tx, siteId);
    }
    const [, , changed] = await Promise.all([locked, seen, ended]);
    noteSteps(hub, siteId, 'transfers', changed);
    if (changed.length === 0) return;
    tx.notify([eventsTopic]);
    if (changed.some(({ state }) => state === 'queued')) tx.notify([topics.transfers]);
    for (const each of changed) {
      const report = endings.get(each.id);
      if (each.state === 'succeeded' && report) await learn(tx, report, each, at);
    }
    await noticeEndedTransfers(hub, tx, changed);
  });
}

function endOf(report: TransferReport, at: string): TransferEnd {
  const { transferId: id, attempt, event, reason, bytesDone, filesDone, files } = report;
  const tryAgain = event === 'failed' && report.retryable && attempt < limits.attemptsPerTransfer;
  const pauseSeconds = transferBackoffSeconds(attempt);
  return {
    id,
    attempt,
    state: event === 'succeeded' ? 'succeeded' : tryAgain ? 'queued' : 'failed',
    reason,
    notBeforeAt: tryAgain ? addSeconds(at, pauseSeconds) : null,
    bytesDone,
    filesDone,
    files,
  };
}

async function learn(
  tx: HubTransaction,
  report: TransferReport,
  changed: ChangedTransfer,
  at: string,
): Promise<void> {
  const files = report.files
    .filter((file) => file.xxh3 !== '' && file.status !== 'failed')
    .flatMap((file) => [
      { location: `${changed.destination}:${file.path}`, xxh3: file.xxh3, size: file.sizeBytes },
      ...(file.source ? [{ location: file.source, xxh3: file.xxh3, size: file.sizeBytes }] : []),
    ]);
  await noteChecksums(tx, files);
  const seconds = secondsBetween(changed.startedAt ?? at, at);
  if (report.bytesDone < measurableBytes || seconds <= 0) return;
  await observeLinkRate(tx, changed.source, changed.destination, report.bytesDone / seconds);
}
