import type { TransferReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { AgentLog } from '../agent-log.ts';
import { ReportRelay } from '../hub/report-relay.ts';

/** Passes reports of transfers on to the hub. */
export type TransferRelay = ReportRelay<TransferReport>;

/** Makes the relay; `send` settles when the hub has taken the reports. */
export function createTransferRelay(
  send: (reports: TransferReport[]) => Promise<void>,
  log: AgentLog,
): TransferRelay {
  const kind = {
    reportsPerMessage: 100,
    charactersOf: (report: TransferReport) => JSON.stringify(report).length,
    combine: (reports: readonly TransferReport[]) => [...reports],
    nameOf: ({ transferId, attempt }: TransferReport) => ({ transferId, attempt }),
  };
  return new ReportRelay(kind, send, log);
}
