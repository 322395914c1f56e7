import type { FromAgent } from '@interpulse/api/agent-messages/session-messages.ts';
import type { Hub } from '../hub.ts';
import { takeAgentState } from './take-agent-state.ts';
import { takeFileFinished } from './take-file-finished.ts';
import { takeFileGrowing } from './take-file-growing.ts';
import { takeJobReports } from './take-job-reports.ts';
import { takePilotReports } from './take-pilot-reports.ts';
import { takeRunEventMessage } from './take-run-event-message.ts';
import { takeShotTaken } from './take-shot-taken.ts';
import { takeTransferReports } from './take-transfer-reports.ts';

/**
 * Handles what a site's agent says; it is acknowledged when this resolves, after the commit. All of
 * it may come twice (after a restart of either side) and changes nothing the second time.
 */
export async function handleAgentMessage(
  hub: Hub,
  siteId: string,
  message: FromAgent,
): Promise<void> {
  if ('answer' in message) return;
  switch (message.type) {
    case 'agentState':
      return takeAgentState(hub, siteId, message);
    case 'pilotReports':
      return takePilotReports(hub, siteId, message.reports);
    case 'jobReports':
      return takeJobReports(hub, siteId, message.reports);
    case 'transferReports':
      return takeTransferReports(hub, siteId, message.reports);
    case 'fileFinished':
      return takeFileFinished(hub, siteId, message);
    case 'fileGrowing':
      return takeFileGrowing(hub, siteId, message);
    case 'shotTaken':
      return takeShotTaken(hub, siteId, message);
    case 'runEvent':
      return takeRunEventMessage(hub, siteId, message);
  }
}
