import { createProgram } from './create-program.ts';
import { describeFailure } from './output/describe-failure.ts';

/** Runs one command line. @returns The exit code; everything has been printed. */
export async function runProgram(args: string[]): Promise<number> {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    // Behind a verb the word is an option of that verb: flow get NAME --version 3.
    const words = args[0] === '--version' ? ['-V'] : args;
    await createProgram().parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    const { exitCode, text } = describeFailure(error, args.includes('--json'));
    if (text !== '') process.stderr.write(`${text}\n`);
    return exitCode;
  }
}
