import { z } from 'zod';
import type { StreamAddress } from '@interpulse/api/session/stream-link.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { idSchema, type PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { launcherSchema, type Launcher } from '@interpulse/domain/site/site.ts';
import type { PilotNode } from './nodes/pilot-node.ts';
import { readNodes } from './nodes/read-nodes.ts';
import { pilotLimits } from './pilot-limits.ts';

/** What a pilot must know to begin. */
export interface PilotConfig {
  pilotId: PilotId;
  agentAddress: StreamAddress;
  /** Shown to the agent in the handshake; never given on to jobs. */
  token: string;
  /** Its own first. */
  nodes: readonly PilotNode[];
  /** What starts programs of several ranks or nodes; null when nothing does. */
  launcher: Launcher | null;
  /** Words that start a program on another node; `{host}` and `{cores}` stand for that node's. */
  nodeStart: readonly string[] | null;
  /** Processes on each node that start and watch tasks. */
  spawners: number;
  /** After this long the batch system ends it. */
  walltimeSeconds: number;
  /** Without a session to its agent it starts nothing more after so long. */
  orphanSeconds: number;
  /** From the batch system's warning until what still runs is killed. */
  graceSeconds: number;
}

/** Names of the environment that belong to the pilot and not to its jobs. */
export const ownVariables: readonly string[] = [
  'INTERPULSE_AGENT_ADDRESS',
  'INTERPULSE_PILOT_TOKEN',
  'INTERPULSE_CORES',
  'INTERPULSE_GPUS',
  'INTERPULSE_MEMORY_BYTES',
  'INTERPULSE_NODES',
  'INTERPULSE_LAUNCHER',
  'INTERPULSE_NODE_START',
  'INTERPULSE_SPAWNERS',
  'INTERPULSE_WALLTIME_SECONDS',
  'INTERPULSE_ORPHAN_SECONDS',
  'INTERPULSE_GRACE_SECONDS',
];

const count = z.coerce.number().int();

const wordsSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('not JSON; a list of words is asked for');
      return z.NEVER;
    }
  })
  .pipe(z.array(z.string()).min(1));

const environmentSchema = z.object({
  INTERPULSE_PILOT_ID: idSchema('pilot'),
  INTERPULSE_AGENT_ADDRESS: z.string().min(1),
  INTERPULSE_PILOT_TOKEN: z.string().default(''),
  /** Of each node; the batch system's word counts where they are not set, or where it says less. */
  INTERPULSE_CORES: count.min(1).max(4096).optional(),
  INTERPULSE_GPUS: count.min(0).max(64).optional(),
  INTERPULSE_MEMORY_BYTES: count.min(0).optional(),
  INTERPULSE_LAUNCHER: launcherSchema.or(z.literal('none')).default('none'),
  INTERPULSE_NODE_START: wordsSchema.optional(),
  INTERPULSE_SPAWNERS: count.min(1).max(pilotLimits.spawnersPerNode).optional(),
  INTERPULSE_WALLTIME_SECONDS: count.min(1),
  INTERPULSE_ORPHAN_SECONDS: z.coerce.number().positive().default(limits.pilotOrphanSeconds),
  INTERPULSE_GRACE_SECONDS: z.coerce.number().min(0).default(pilotLimits.graceSeconds),
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
  const nodes = nodesOf(environment, values);
  const launcher = values.INTERPULSE_LAUNCHER;
  return {
    pilotId: values.INTERPULSE_PILOT_ID,
    agentAddress: parseAddress(values.INTERPULSE_AGENT_ADDRESS),
    token: values.INTERPULSE_PILOT_TOKEN,
    nodes,
    launcher: launcher === 'none' ? null : launcher,
    nodeStart: values.INTERPULSE_NODE_START ?? null,
    // One starts some thousand processes a second; where many cores end tasks at once, two.
    spawners: values.INTERPULSE_SPAWNERS ?? ((nodes[0]?.cores ?? 1) < 4 ? 1 : 2),
    walltimeSeconds: values.INTERPULSE_WALLTIME_SECONDS,
    orphanSeconds: values.INTERPULSE_ORPHAN_SECONDS,
    graceSeconds: values.INTERPULSE_GRACE_SECONDS,
  };
}

function nodesOf(
  environment: NodeJS.ProcessEnv,
  values: z.infer<typeof environmentSchema>,
): PilotNode[] {
  try {
    return readNodes(environment, {
      cores: values.INTERPULSE_CORES ?? null,
      gpus: values.INTERPULSE_GPUS ?? null,
      memoryBytes: values.INTERPULSE_MEMORY_BYTES ?? null,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DomainError('invalid', `starting a pilot: its nodes are not known: ${why}`, {
      cause: error,
    });
  }
}

/** A path is a Unix socket, `host:port` is TCP. */
function parseAddress(text: string): StreamAddress {
  const tcp = /^(?<host>[^/]+):(?<port>\d{1,5})$/.exec(text)?.groups;
  if (tcp === undefined) return { path: text };
  return { host: tcp['host'] ?? '', port: Number(tcp['port']) };
}
