import { DomainError } from '@interpulse/domain/error.ts';
import { parseTomoOptions, tomoHelp } from './tomo-options.ts';

/** Runs `tomo` with the arguments of the command line; gives the exit code. */
async function main(args: string[]): Promise<number> {
  try {
    const options = parseTomoOptions(args);
    if (options === 'help') {
      process.stdout.write(`${tomoHelp}\n`);
      return 0;
    }
    // Loaded late: help and wrong options answer at once.
    const { runTomo } = await import('./run-tomo.ts');
    await runTomo(options, (line) => process.stderr.write(`tomo: ${line}\n`));
    return 0;
  } catch (error) {
    if (error instanceof DomainError && error.kind !== 'unavailable') {
      process.stderr.write(`tomo: ${error.message}\n`);
      return 2;
    }
    const text = error instanceof DomainError ? error.message : String((error as Error).stack);
    process.stderr.write(`tomo: ${text}\n`);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
