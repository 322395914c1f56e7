import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { StreamAddress } from '@interpulse/api/session/stream-link.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { idSchema, type PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';

/** What a pilot must know to begin. */
export interface PilotConfig {
  pilotId: PilotId;
  agentAddress: StreamAddress;
  /** Shown to the agent in the handshake; never given on to jobs. */
  token: string;
  cores: number;
  /** After this long the batch system ends it. */
  walltimeSeconds: number;
  /** Without a session to its agent it starts nothing more after so long. */
  orphanSeconds: number;
}

/** Names of the environment that belong to the pilot and not to its jobs. */
export const ownVariables: readonly string[] = [
  'INTERPULSE_AGENT_ADDRESS',
  'INTERPULSE_PILOT_TOKEN',
  'INTERPULSE_WALLTIME_SECONDS',
  'INTERPULSE_ORPHAN_SECONDS',
];

const environmentSchema = z.object({
  INTERPULSE_PILOT_ID: idSchema('pilot'),
  INTERPULSE_AGENT_ADDRESS: z.string().min(1),
  INTERPULSE_PILOT_TOKEN: z.string().default(''),
  INTERPULSE_CORES: z.coerce.number().int().min(1).max(4096).optional(),
  INTERPULSE_WALLTIME_SECONDS: z.coerce.number().int().min(1),
  INTERPULSE_ORPHAN_SECONDS: z.coerce.number().positive().default(limits.pilotOrphanSeconds),
});

/**
 * Reads a pilot's configuration from its environment.
 *
 * @throws DomainError `invalid`, naming the variable.
 */
export function readPilotConfig(environment: NodeJS.ProcessEnv): PilotConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = issue?.path.join('.') ?? '';
    throw new DomainError('invalid', `starting a pilot: ${name}: ${issue?.message ?? 'not set'}`);
  }
  const values = parsed.data;
  return {
    pilotId: values.INTERPULSE_PILOT_ID,
    agentAddress: parseAddress(values.INTERPULSE_AGENT_ADDRESS),
    token: values.INTERPULSE_PILOT_TOKEN,
    cores: values.INTERPULSE_CORES ?? availableParallelism(),
    walltimeSeconds: values.INTERPULSE_WALLTIME_SECONDS,
    orphanSeconds: values.INTERPULSE_ORPHAN_SECONDS,
  };
}

/** A path is a Unix socket, `host:port` is TCP. */
function parseAddress(text: string): StreamAddress {
  const tcp = /^(?<host>[^/]+):(?<port>\d{1,5})$/.exec(text)?.groups;
  if (tcp === undefined) return { path: text };
  return { host: tcp['host'] ?? '', port: Number(tcp['port']) };
}
