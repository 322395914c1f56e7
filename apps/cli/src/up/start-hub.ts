import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { z } from 'zod';
import { hubFolder } from '../connection/local-hub.ts';
import { readObject } from '../read-document.ts';
import { findPart, partPath } from '../programs.ts';
import type { DataFolder } from './data-folder.ts';
import { lastLines } from './last-lines.ts';
import { startChild, type Child } from './start-child.ts';

const firstLineSchema = z.union([
  z.looseObject({ ready: z.literal(true), url: z.url() }),
  z.looseObject({ error: z.string() }),
]);

/** The project in which everything of `up` happens. */
export const project = 'demo';

/**
 * Starts the hub and waits until it is ready. What `hub.json` in the folder says is part of its
 * configuration, behind what `up` decides.
 * @throws DomainError unavailable, with the hub's own words.
 */
export async function startHub(
  folder: DataFolder,
  port: number,
): Promise<{ child: Child; url: string }> {
  const portal = findPart('portal');
  const config = {
    ...(existsSync(folder.ownHubConfig) ? readObject(folder.ownHubConfig) : {}),
    folder: hubFolder(folder.root),
    host: '127.0.0.1',
    port,
    database: 'embedded',
    portal: portal === undefined ? null : dirname(portal),
    bootstrap: { adminName: 'admin', project },
  };
  writeFileSync(folder.config('hub'), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  const child = startChild({
    name: 'hub',
    path: partPath('hub'),
    args: ['--config', folder.config('hub')],
    logFile: folder.log('hub'),
    speaks: true,
  });
  const line = await child.firstLine;
  const said = line === null ? undefined : firstLineSchema.safeParse(tryJson(line)).data;
  if (said !== undefined && 'url' in said) return { child, url: String(said.url) };
  child.kill();
  await child.ended;
  const own = said !== undefined && 'error' in said ? said.error : undefined;
  const reason = own ?? lastLines(folder.log('hub'), 1).at(0) ?? 'it ended without a word';
  throw new DomainError('unavailable', `the hub cannot start: ${reason}`);
}

function tryJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
