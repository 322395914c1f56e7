import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BatchSystem } from '@interpulse/adapters/batch/batch-system.ts';
import type { PilotToAgent } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { makeId, type PilotId } from '@interpulse/domain/id.ts';
import type { AgentLog } from '../agent-log.ts';
import { listenOf } from '../compute/listen-of.ts';
import { openBatch } from '../compute/open-batch.ts';
import { findPilotProgram } from '../compute/pilot-program.ts';
import { startPilotServer } from '../compute/pilot-server.ts';
import { pilotSubmission } from '../compute/pilot-submission.ts';
import { pilotsFolder } from '../compute/pilots-folder.ts';
import { readPools, thisMachine } from '../compute/pools.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { ComputeConfig } from '../config/compute-config.ts';
import { check, type Check } from './check.ts';

type Introduction = Extract<PilotToAgent, { type: 'pilotState' }>;

/** What a trial is told as it goes on. */
export interface Trial {
  config: AgentConfig & { compute: ComputeConfig };
  /** It gives up after so long. */
  patienceSeconds: number;
  log: AgentLog;
  say: (line: string) => void;
}

const lookMs = 1_000;

/** Submits a small pilot to each pool, waits for its word, and cancels it. */
export async function tryPilots(trial: Trial): Promise<Check[]> {
  const checks: Check[] = [];
  for (const pool of readPools(trial.config.compute, thisMachine()).keys()) {
    const fix = 'see the reason; stdout and stderr of a pilot are in its folder while it is there';
    checks.push(await check(`try ${pool}`, fix, () => tryPilot(trial, pool)));
  }
  return checks;
}

/** In a folder of its own: an agent that runs meanwhile sees nothing of it. */
async function tryPilot(trial: Trial, pool: string): Promise<string> {
  const { config, log } = trial;
  const program = await findPilotProgram(config, log);
  const name = `try-${randomBytes(6).toString('hex')}`;
  const folders = [join(config.folder, name), join(pilotsFolder(config), name)] as const;
  const [folder, pilotFolder] = folders;
  const own = { ...config, folder, compute: { ...config.compute, pilotFolder } };
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = randomBytes(24).toString('hex');
  const called = Promise.withResolvers<Introduction>();
  const handlers = {
    onMessage: (_: string, message: PilotToAgent) => {
      if (message.type === 'pilotState') called.resolve(message);
      return Promise.resolve();
    },
    onDisconnected: () => undefined,
  };
  const listen = listenOf(config.compute);
  const open = (at: typeof listen) =>
    startPilotServer({ folder, secret, listen: at }, handlers, log);
  // An agent that runs has its port already.
  const server = await open(listen).catch(() => open(listen ? { ...listen, port: 0 } : listen));
  const batch = openBatch(own, process.env);
  const pilotId = makeId('pilot', Date.now(), randomBytes(10));
  try {
    const pools = readPools(config.compute, thisMachine());
    const order = { pilotId, pool, nodes: 1, walltimeSeconds: 300 };
    const setting = { config: own, pools, secret, environment: process.env };
    const startedMs = performance.now();
    const id = await batch.submit(
      pilotSubmission(setting, { address: server.address, program }, order),
    );
    trial.say(`pool ${pool}: submitted as ${id}`);
    const { host, nodes } = await waitFor(trial, batch, pilotId, called.promise);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    const [node] = nodes;
    return `${host} answered after ${seconds} s with ${node?.cores} cores, ${node?.gpus} GPUs`;
  } finally {
    await batch.cancel([pilotId]).catch(() => undefined);
    await server.close();
    for (const each of folders) await rm(each, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Says whenever the batch system says something else. */
async function waitFor(
  { patienceSeconds, say }: Trial,
  batch: BatchSystem,
  pilotId: PilotId,
  called: Promise<Introduction>,
): Promise<Introduction> {
  const endsAtMs = performance.now() + patienceSeconds * 1000;
  let last = '';
  while (performance.now() < endsAtMs) {
    const job = (await batch.list()).find((each) => each.pilotId === pilotId);
    const said = `${job?.state ?? 'not listed'}${job?.reason ? ` (${job.reason})` : ''}`;
    if (said !== last) say(`  ${said}`);
    last = said;
    const word = await Promise.race([called, delay(lookMs, null, { ref: true })]);
    if (word !== null) return word;
    if (job?.state === 'ended') throw new Error(`its pilot ended without a word: ${said}`);
  }
  throw new Error(`its pilot did not call within ${patienceSeconds} s: ${last}`);
}
