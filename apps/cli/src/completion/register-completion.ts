import { Argument, type Command } from '@commander-js/extra-typings';
import { globalOptions } from '../context.ts';
import { namesCommand } from './completion-levels.ts';
import { nameKinds } from './name-kinds.ts';
import { shells } from './shells.ts';

/** `completion`: a script for the shell; and what the script asks for names. */
export function registerCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a completion script, such as: source <(interpulse completion bash)')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(shells))
    .action(async (shell) => {
      const { completionScript } = await import('./completion-script.ts');
      process.stdout.write(completionScript(program, shell));
    });
  program
    .command(namesCommand, { hidden: true })
    .description('what completion offers for an argument')
    .addArgument(new Argument('<kind>', 'what the hub is asked for').choices(nameKinds))
    .action(async (kind, _, command) => {
      const { findConnection } = await import('../connection/find-connection.ts');
      const { printNames } = await import('./print-names.ts');
      await printNames(findConnection(globalOptions(command)), kind);
    });
}
