import type { TransferReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds, secondsBetween } from '@interpulse/domain/time.ts';
import { transferBackoffSeconds } from '@interpulse/domain/transfer/transfer-state.ts';
import { noteChecksums } from '@interpulse/store/catalog/write-datasets.ts';
import { eventsTopic } from '@interpulse/store/events/append-events.ts';
import { lockFlowRunOfTransfer } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import {
  endTransferAttempt,
  lockJobOfTransfer,
  noteProgress,
  observeLinkRate,
  type ChangedTransfer,
} from '@interpulse/store/transfers/transfers.ts';
import { noticeEndedTransfer } from '../services/notice-ended-transfer.ts';
import { topics, type Hub, type HubTransaction } from '../hub.ts';

/** Below this many bytes a transfer's time says nothing of the link. */
const measurableBytes = 1_000_000;

/**
 * Takes what receiving sites say of transfers, fenced by attempt; who waited for an end goes on at
 * once.
 */
export async function takeTransferReports(
  hub: Hub,
  siteId: string,
  reports: readonly TransferReport[],
): Promise<void> {
  for (const report of reports) {
    await hub.transaction(async (tx) => {
      if (report.event === 'progress') {
        await noteProgress(tx, report.transferId, report.attempt, siteId, report);
      } else {
        await takeEnd(hub, tx, siteId, report);
      }
    });
  }
}

async function takeEnd(
  hub: Hub,
  tx: HubTransaction,
  siteId: string,
  report: TransferReport,
): Promise<void> {
  const at = hub.now();
  const tryAgain =
    report.event === 'failed' && report.retryable && report.attempt < limits.attemptsPerTransfer;
  const pauseSeconds = transferBackoffSeconds(report.attempt);
  // Issued together, carried out in this order.
  const locked = Promise.all([
    lockFlowRunOfTransfer(tx, report.transferId),
    lockJobOfTransfer(tx, report.transferId),
  ]);
  const ended = endTransferAttempt(tx, {
    id: report.transferId,
    attempt: report.attempt,
    siteId,
    state: report.event === 'succeeded' ? 'succeeded' : tryAgain ? 'queued' : 'failed',
    at,
    reason: report.reason,
    notBeforeAt: tryAgain ? addSeconds(at, pauseSeconds) : null,
    bytesDone: report.bytesDone,
    filesDone: report.filesDone,
    files: report.files,
  });
  const [, changed] = await Promise.all([locked, ended]);
  if (!changed) return;
  tx.notify([eventsTopic, topics.transfers]);
  await Promise.all([
    changed.state === 'succeeded' ? learn(tx, report, changed, at) : undefined,
    changed.state === 'queued' ? undefined : noticeEndedTransfer(hub, tx, changed),
  ]);
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
