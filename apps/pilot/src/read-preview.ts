import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { previewSchema, type Preview } from '@interpulse/domain/dataset/preview.ts';
import type { JobOutput } from '@interpulse/domain/job/job.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';

/** The content of the output named `preview`, or null when there is none that can be shown. */
export async function readPreview(
  task: Pick<Task, 'cwd' | 'workFolder'>,
  outputs: readonly JobOutput[],
): Promise<Preview | null> {
  const output = outputs.find(({ name }) => name === 'preview');
  if (output === undefined || output.sizeBytes > limits.previewBytes) return null;
  const path = output.location.slice(task.workFolder.replace(/\/$/, '').length);
  try {
    const text = await readFile(join(task.cwd, path), 'utf8');
    const preview = previewSchema.safeParse(JSON.parse(text));
    return preview.success ? preview.data : null;
  } catch {
    return null;
  }
}
