import { readdirSync, readFileSync } from 'node:fs';

/** The pids of all processes of this machine that have all these `NAME=value` as environment. */
export function findMarked(words: readonly string[]): string[] {
  try {
    const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return names.filter((name) => isMarked(name, words));
  } catch {
    // No Linux: nobody can say.
    return [];
  }
}

function isMarked(name: string, words: readonly string[]): boolean {
  try {
    const environment = `\0${readFileSync(`/proc/${name}/environ`, 'utf8')}`;
    return words.every((word) => environment.includes(`\0${word}\0`));
  } catch {
    // It has ended, or belongs to somebody else.
    return false;
  }
}
