import { join } from 'node:path';
import type { AgentConfig } from '../config/agent-config.ts';

/** Where each pilot has a folder of its own, and where their program lies. */
export function pilotsFolder(config: Pick<AgentConfig, 'folder' | 'compute'>): string {
  return config.compute?.pilotFolder ?? join(config.folder, 'pilots');
}
