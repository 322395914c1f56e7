import type { Lease } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { renderCommand } from '@interpulse/domain/app/render-command.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Collections } from '../collections/collections.ts';

/**
 * Turns a lease into what a pilot runs: inputs become paths, the command is filled in, the work
 * folder is made. The folder belongs to one attempt of one job, and a lease that comes again must
 * not touch what its process may be writing: so what lies there is left alone.
 *
 * @throws DomainError `invalid` for a command without its values, `notFound` for a missing input,
 * or why the folder cannot be made.
 */
export async function prepareTask(lease: Lease, collections: Collections): Promise<Task> {
  const inputs = Object.entries(lease.inputs).map(async ([name, location]) => {
    return [name, await collections.existing(location)] as const;
  });
  const [cwd, ...paths] = await Promise.all([collections.makeFolder(lease.workFolder), ...inputs]);
  const argv = renderCommand(lease.command, {
    cores: lease.cores,
    ...wordsOf(lease.parameters),
    ...Object.fromEntries(paths),
  });
  return {
    jobId: lease.jobId,
    attempt: lease.attempt,
    argv,
    cwd,
    workFolder: lease.workFolder,
    environment: lease.environment,
    outputs: lease.outputs,
    cores: lease.cores,
    walltimeSeconds: lease.walltimeSeconds,
  };
}

/** Parameters as words: null is no value, lists and objects are JSON. */
function wordsOf(parameters: JsonObject): Record<string, string | number | boolean> {
  const entries = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === null) return [];
    const word = typeof value === 'object' ? JSON.stringify(value) : value;
    return [[name, word] as const];
  });
  return Object.fromEntries(entries);
}
