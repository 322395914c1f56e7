import { randomBytes } from 'node:crypto';
import type { fileRoutes } from '@interpulse/api/routes/files.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Location } from '@interpulse/domain/location.ts';
import { jobOf } from '@interpulse/store/jobs/job-row.ts';
import { findJob } from '@interpulse/store/jobs/read-jobs.ts';
import { askAgent, askCollection } from '../../agents/ask-agent.ts';
import { readWholeFile } from '../../agents/read-whole-file.ts';
import type { AgentSession } from '../../hub.ts';
import { demandCollections } from '../../services/refuse-collections.ts';
import { demand, hubThing, type Handlers } from '../handler.ts';
import { existing } from './existing.ts';
import { sendFile } from './send-file.ts';

/** Small files that travel through the hub. */
export const fileHandlers: Handlers<keyof typeof fileRoutes> = {
  async putFile({ query: { location } }, { hub, who, request }) {
    demand(who, 'run', hubThing, 'folder');
    await demandCollections(hub.db, { project: null, by: who }, 'write', [location]);
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    await writeWholeFile(await askCollection(hub, location), location, bytes);
    return { location, sizeBytes: bytes.length };
  },

  async getJobFile({ params, query }, { hub, who, reply }) {
    const row = existing(await findJob(hub.db, params.jobId), `job ${params.jobId}`);
    demand(who, 'read', { project: row.project, ownerId: row.owner_id }, `job ${params.jobId}`);
    const isOurs = jobOf(row).outputs.some(
      ({ location }) =>
        location === query.file || query.file.startsWith(`${location.replace(/\/$/, '')}/`),
    );
    if (!isOurs) throw new DomainError('notFound', `${query.file} is no output of the job`);
    const bytes = await readWholeFile(await askCollection(hub, query.file), query.file);
    return sendFile(reply, query.file, bytes);
  },
};

/** Sends a file over an agent's session in pieces: others get their turn in between. */
async function writeWholeFile(
  session: AgentSession,
  location: Location,
  bytes: Buffer,
): Promise<void> {
  const writeId = randomBytes(12).toString('hex');
  let offsetBytes = 0;
  do {
    const piece = bytes.subarray(offsetBytes, offsetBytes + limits.sessionChunkBytes);
    const of = { location, writeId, offsetBytes, sizeBytes: bytes.length };
    await askAgent(session, { ask: 'writeFile', ...of }, piece);
    offsetBytes += piece.length;
  } while (offsetBytes < bytes.length);
}
