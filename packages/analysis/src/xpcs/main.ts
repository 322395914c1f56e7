import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { DomainError } from '@interpulse/domain/error.ts';
import { help, parseCommand } from './command-options.ts';

function version(): string {
  const manifest = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

try {
  const command = parseCommand(process.argv.slice(2));
  if (command === 'help') process.stdout.write(help);
  else if (command === 'version') process.stdout.write(`interpulse-xpcs ${version()}\n`);
  else {
    enableCompileCache();
    const { runXpcs } = await import('./run-xpcs.ts');
    await runXpcs(command, version());
  }
} catch (error) {
  const isKnown = error instanceof DomainError;
  const detail = error instanceof Error ? error.message : String(error);
  process.stderr.write(`xpcs: ${isKnown ? detail : `failed: ${detail}`}\n`);
  process.exitCode = isKnown && error.kind !== 'unavailable' ? 2 : 1;
}
