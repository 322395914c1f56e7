import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { renderCommand, renderShellLine } from '@interpulse/domain/app/render-command.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Location } from '@interpulse/domain/location.ts';
import type { AppGuard } from './app-guard.ts';
import type { WorkFolders } from './work-folders.ts';

/** What leases are made ready with. */
export interface Workshop {
  guard: AppGuard;
  folders: WorkFolders;
  /** The path of an input. */
  locate: (location: Location) => Promise<string>;
  /** Where the hub is, for jobs that may use it. */
  hub: string;
}

type Words = Record<string, string | number | boolean>;

/**
 * Turns a lease into what a pilot runs: inputs become paths, the commands are filled in, the work
 * folder is made. The folder belongs to one attempt of one job.
 *
 * @throws DomainError `forbidden` for what the site does not allow, `invalid` for a command without
 * its values, `notFound` for a missing input, or why the folder cannot be made.
 */
export async function prepareTask(lease: Lease, workshop: Workshop): Promise<Task> {
  const { jobId, attempt, app, code, resources, workFolder } = lease;
  const appDigest = workshop.guard.check(lease);
  const paths: Words = {};
  for (const [name, location] of Object.entries(lease.inputs)) {
    paths[name] = await workshop.locate(location);
  }
  const words = { ...wordsOfJob(lease), ...wordsOf(lease.parameters), ...paths };
  const argv = code.shell
    ? ['/bin/sh', '-c', renderShellLine(code.command, words)]
    : fill(code.command, words);
  const pre = code.pre.map((command) => fill(command, words));
  const post = code.post.map((command) => fill(command, words));
  // Last: what cannot run leaves no empty folder behind.
  const cwd = await workshop.folders.make(workFolder);
  return {
    jobId,
    attempt,
    argv,
    preamble: code.preamble,
    pre,
    post,
    appDigest,
    appVersion: app?.version ?? null,
    cwd,
    workFolder,
    environment: {
      ...code.environment,
      ...lease.environment,
      ...hubVariables(lease, workshop.hub),
    },
    outputs: lease.outputs,
    resources,
    restartable: lease.restartable,
    urgency: lease.urgency,
    priority: lease.priority,
    deadlineAt: lease.deadlineAt,
  };
}

function fill(command: Lease['code']['command'], words: Words): string[] {
  const filled = renderCommand(command, words);
  if (filled.length > 0) return filled;
  throw new DomainError('invalid', 'the command is empty: all its words are left out');
}

/** Only of jobs that may use the hub: nobody else's environment has a token. */
function hubVariables({ jobId, token }: Lease, hub: string): Record<string, string> {
  if (token === null) return {};
  return {
    INTERPULSE_HUB: hub,
    // As the command line and the clients read it.
    INTERPULSE_URL: hub,
    INTERPULSE_TOKEN: token,
    INTERPULSE_JOB_ID: jobId,
  };
}

/** Names that every command may use; parameters and inputs of the same name go before. */
function wordsOfJob({ jobId, resources }: Lease): Words {
  const { cores, gpus, nodes, ranksPerNode, memoryBytes } = resources;
  return { cores, gpus, nodes, ranks: nodes * ranksPerNode, memoryBytes, job: jobId };
}

/** Parameters as words: null is no value, lists and objects are JSON. */
function wordsOf(parameters: JsonObject): Words {
  const entries = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === null) return [];
    const word = typeof value === 'object' ? JSON.stringify(value) : value;
    return [[name, word] as const];
  });
  return Object.fromEntries(entries);
}
