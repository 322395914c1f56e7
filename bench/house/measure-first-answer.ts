import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, unwrap } from '@interpulse/api/client/create-client.ts';

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));
const longestSeconds = 120;

/** Seconds from `up` in an empty folder to the first result in the catalog. */
export async function measureFirstAnswer(folder: string): Promise<number | null> {
  const startedAt = Date.now();
  const args = [cli, 'up', '--folder', folder, '--port', '0', '--no-open'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  try {
    while (Date.now() - startedAt < longestSeconds * 1000) {
      const url = /http:\/\/[0-9.]+:\d+/.exec(said)?.[0];
      if (url !== undefined && (await hasAnswer(url, folder))) {
        return (Date.now() - startedAt) / 1000;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return null;
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

async function hasAnswer(url: string, folder: string): Promise<boolean> {
  const token = await readFile(join(folder, 'hub', 'admin-token'), 'utf8').catch(() => '');
  const client = createClient({ baseUrl: url, token: token.trim() });
  const query = { kind: 'result' as const };
  const page = await unwrap(client.GET('/api/v1/datasets', { params: { query } })).catch(
    () => null,
  );
  return (page?.items.length ?? 0) > 0;
}
