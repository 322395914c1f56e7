import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { DomainError } from '@interpulse/domain/error.ts';

const help = `interpulse-plot: draw a result of xpcs or tomo for people and for the portal

Usage: interpulse-plot --input results.h5 --output-folder DIR

  --input FILE            result of interpulse-xpcs or interpulse-tomo
  --output-folder DIR     gets preview.json, metadata.json, and plot.svg (curves)
                          or preview.png (images)
  --help, --version

Exit status: 0 done, 1 failed, 2 bad input or arguments.
`;

async function run(args: string[]): Promise<string> {
  const values = parse(args);
  if (values.help) return help;
  if (values.version) return `interpulse-plot ${version()}\n`;
  const { input, 'output-folder': folder } = values;
  if (input === undefined) throw fault('--input is missing; name a result file');
  if (folder === undefined) throw fault('--output-folder is missing; name a folder');
  enableCompileCache();
  const { writePreview } = await import('./write-preview.ts');
  const names = await writePreview(input, folder);
  return `wrote ${names.join(' and ')} to ${folder}\n`;
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = { input: text, 'output-folder': text, help: flag, version: flag };
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw fault(cause instanceof Error ? cause.message.split('. ')[0]! : String(cause), cause);
  }
}

function fault(why: string, cause?: unknown): DomainError {
  return new DomainError('invalid', `${why} (see --help)`, { cause });
}

function version(): string {
  const manifest = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  const isKnown = error instanceof DomainError;
  const detail = error instanceof Error ? error.message : String(error);
  process.stderr.write(`plot: ${isKnown ? detail : `failed: ${detail}`}\n`);
  process.exitCode = isKnown && error.kind !== 'unavailable' ? 2 : 1;
}
