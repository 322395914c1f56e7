import { lstat, opendir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { leadsOut } from '@interpulse/domain/app/leads-out.ts';
import type { JobOutput } from '@interpulse/domain/job/job.ts';
import { locationSchema } from '@interpulse/domain/location.ts';
import type { Task } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { digestFile } from './digest-file.ts';
import { pilotLimits } from './pilot-limits.ts';

/** The files that a task left behind, and what is wrong with them. */
export interface FoundOutputs {
  outputs: JobOutput[];
  /** Why the task did not deliver what it must, in a sentence; null when it did. */
  fault: string | null;
}

/**
 * Finds a task's outputs by their patterns. `*` matches within one name (not a leading dot). Only
 * files in the work directory count: a link that leads out of it is refused. They are read again
 * for their digests, `limits.digestBytes` of an attempt in all.
 */
export async function findOutputs(
  task: Pick<Task, 'cwd' | 'workFolder' | 'outputs'>,
): Promise<FoundOutputs> {
  if (task.outputs.length === 0) return { outputs: [], fault: null };
  const outputs: JobOutput[] = [];
  let fault: string | null = null;
  const root = await realpath(task.cwd).catch(() => task.cwd);
  const folder = task.workFolder.replace(/\/$/, '');
  let digestBytes: number = limits.digestBytes;
  for (const rule of task.outputs) {
    const { files, refused } = await matchFiles(root, rule.path);
    for (const { path, sizeBytes } of files) {
      const location = locationSchema.safeParse(`${folder}/${path}`);
      if (!location.success) continue;
      const isRead = sizeBytes <= digestBytes;
      if (isRead) digestBytes -= sizeBytes;
      const sha256 = isRead ? await digestFile(join(root, path)) : null;
      outputs.push({ name: rule.name, location: location.data, sizeBytes, sha256 });
    }
    if (files.length > 0 || !rule.required) continue;
    const why = refused ?? 'the task did not write it';
    fault ??= `the output "${rule.name}" (${rule.path}) is missing: ${why}`;
  }
  return { outputs, fault };
}

interface Matches {
  files: { path: string; sizeBytes: number }[];
  /** Why something that fits the pattern does not count. */
  refused: string | null;
}

async function matchFiles(root: string, pattern: string): Promise<Matches> {
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (leadsOut(pattern)) {
    return { files: [], refused: 'its path leads out of the work directory' };
  }
  const matches: Matches = { files: [], refused: null };
  const budget = { entries: pilotLimits.entriesPerOutput };
  for (const path of await expand(root, segments, budget)) {
    const found = await lookAt(root, path);
    if (typeof found === 'string') matches.refused ??= found;
    else if (found !== null) matches.files.push({ path, sizeBytes: found.sizeBytes });
    if (matches.files.length >= pilotLimits.filesPerOutput) break;
  }
  return matches;
}

/** Relative paths that fit, in order of names; each may be anything, or nothing. */
async function expand(
  root: string,
  segments: readonly string[],
  budget: { entries: number },
): Promise<string[]> {
  let paths = [''];
  for (const segment of segments) {
    if (!segment.includes('*')) {
      paths = paths.map((path) => join(path, segment));
      continue;
    }
    const fits = matcher(segment);
    const next: string[] = [];
    for (const path of paths) {
      for (const name of await namesIn(root, path, budget)) {
        if (fits.test(name)) next.push(join(path, name));
      }
    }
    paths = next.toSorted();
  }
  return paths;
}

function matcher(segment: string): RegExp {
  const parts = segment.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const hidden = segment.startsWith('.') ? '' : '(?!\\.)';
  return new RegExp(`^${hidden}${parts.join('[^/]*')}$`, 's');
}

async function namesIn(root: string, path: string, budget: { entries: number }): Promise<string[]> {
  const folder = await realpath(join(root, path)).catch(() => null);
  if (folder === null || !isInside(root, folder)) return [];
  const names: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if ((budget.entries -= 1) < 0) break;
      names.push(entry.name);
    }
  } catch {
    return [];
  }
  return names;
}

/** The file's size, null when nothing is there, or why it does not count. */
async function lookAt(root: string, path: string): Promise<{ sizeBytes: number } | string | null> {
  const absolute = join(root, path);
  try {
    const real = await realpath(absolute);
    if (!isInside(root, real)) return 'a link leads out of the work directory';
    const stats = await stat(real);
    return stats.isFile() ? { sizeBytes: stats.size } : 'it is not a plain file';
  } catch {
    const isThere = await lstat(absolute).catch(() => null);
    return isThere === null ? null : 'it cannot be read';
  }
}

function isInside(root: string, real: string): boolean {
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}
