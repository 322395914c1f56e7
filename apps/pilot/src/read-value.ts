import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import type { JobOutput } from '@interpulse/domain/job/job.ts';
import { jsonSchema } from '@interpulse/domain/json.ts';
import { limits } from '@interpulse/domain/limits.ts';

/**
 * The outputs, and with the one named `result` what is in it, when that is a small JSON file: the
 * value that a flow reads. One that is too large or no JSON stays a file.
 */
export async function withValue(
  task: Pick<Task, 'cwd' | 'workFolder'>,
  outputs: readonly JobOutput[],
): Promise<JobOutput[]> {
  return Promise.all(
    outputs.map(async (output) => {
      const isValue = output.name === 'result' && output.location.endsWith('.json');
      if (!isValue || output.sizeBytes > limits.jobValueBytes) return output;
      const path = output.location.slice(task.workFolder.replace(/\/$/, '').length);
      try {
        const text = await readFile(join(task.cwd, path), 'utf8');
        return { ...output, value: jsonSchema.parse(JSON.parse(text)) };
      } catch {
        return output;
      }
    }),
  );
}
