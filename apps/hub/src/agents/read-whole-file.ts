import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Location } from '@interpulse/domain/location.ts';
import type { AgentSession } from '../hub.ts';
import { askAgent } from './ask-agent.ts';

/**
 * Reads a small file over an agent's session, piece by piece.
 * @throws DomainError exhausted for a file that must be moved instead; conflict when it changed.
 */
export async function readWholeFile(session: AgentSession, location: Location): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let offsetBytes = 0;
  for (let sizeBytes = 1; offsetBytes < sizeBytes;) {
    const maxBytes = limits.sessionChunkBytes;
    const question = { ask: 'readFile' as const, location, offsetBytes, maxBytes };
    const { answer, bytes } = await askAgent(session, question);
    sizeBytes = answer.answer === 'bytes' ? answer.sizeBytes : 0;
    if (sizeBytes > limits.sessionFileBytes) {
      const most = Math.round(limits.sessionFileBytes / 1024 / 1024);
      const hint = 'use `interpulse transfer start`';
      throw new DomainError('exhausted', `files above ${most} MiB are moved, not served: ${hint}`);
    }
    if (sizeBytes > offsetBytes && !bytes?.length) {
      throw new DomainError('conflict', `${location} became shorter while it was read; try again`);
    }
    pieces.push(bytes ?? new Uint8Array());
    offsetBytes += bytes?.length ?? 0;
  }
  return Buffer.concat(pieces);
}
