import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { bashCompletion } from './bash-completion.ts';
import { completionLevels } from './completion-levels.ts';
import { fishCompletion } from './fish-completion.ts';
import type { Shell } from './shells.ts';

/** The completion script of a shell, made from the commands as they are. */
export function completionScript(program: CommandUnknownOpts, shell: Shell): string {
  const levels = completionLevels(program);
  const name = program.name();
  if (shell === 'fish') return fishCompletion(name, levels);
  if (shell === 'bash') return bashCompletion(name, levels);
  // zsh runs bash's completion functions.
  const start = ['compinit && compinit -i', 'bashcompinit && bashcompinit'];
  const lines = start.map((each) => `autoload -U +X ${each}`);
  return [`#compdef ${name}`, ...lines, bashCompletion(name, levels)].join('\n');
}
