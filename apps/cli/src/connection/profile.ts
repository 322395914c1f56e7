import { mkdirSync, readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { z } from 'zod';

const profileSchema = z.strictObject({ url: z.url(), token: z.string().optional() });

/** The hub that a user has signed in to. */
export type Profile = z.infer<typeof profileSchema>;

/** Where the profile lies: `~/.config/interpulse/config.json`. */
export function profilePath(environment = process.env): string {
  const base = environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return join(base, 'interpulse', 'config.json');
}

/**
 * Reads the profile; undefined when there is none.
 * @throws DomainError invalid, when the file is not what `login` writes.
 */
export function readProfile(path: string): Profile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DomainError('invalid', `cannot read ${path}: ${(error as Error).message}`);
  }
  try {
    return profileSchema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${path} is not a profile; write it anew with: interpulse login URL --token T`;
    throw new DomainError('invalid', message, { cause });
  }
}

/** Writes the profile so that only its owner can read it. */
export function writeProfile(path: string, profile: Profile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 });
  // The mode above only holds for a new file.
  chmodSync(path, 0o600);
}
