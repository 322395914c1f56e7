import { Argument, type Command } from '@commander-js/extra-typings';
import { shells } from './shells.ts';

/** `completion`: a script for the shell. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a completion script, such as: source <(interpulse completion bash)')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(shells))
    .action(async (shell) => {
      const { completionScript } = await import('./completion-script.ts');
      process.stdout.write(completionScript(program, shell));
    });
}
