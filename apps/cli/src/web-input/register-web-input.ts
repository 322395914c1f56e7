import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';
import { several } from '../read-input.ts';

/** `web-input`: questions that flow runs ask people. */
export function registerWebInput(program: Command): void {
  const asked = program.command('web-input').description('questions of flow runs to people');
  withPaging(
    asked
      .command('list')
      .description('questions, newest first; those that wait for you when nothing is said')
      .option('--filter <which>', 'mine, open, ended or all', 'mine')
      .option('--flow-run <id>', 'of one flow run')
      .option('--flow <name>', 'of runs of one flow')
      .option('--project <name>', 'of one project'),
  ).action(async (options, command) => {
    const { listWebInputs } = await import('./list.ts');
    await listWebInputs(await openContext(command), options);
  });
  asked
    .command('show <web-input>')
    .description('one question with its options, and its answer')
    .action(async (id, _, command) => {
      const { showWebInput } = await import('./show.ts');
      await showWebInput(await openContext(command), id);
    });
  asked
    .command('answer <web-input>')
    .description('answer a question; on a terminal its options are asked')
    .option('--value <value>', 'the value of an option; several times for rows', several)
    .option('--set <name=value>', 'a field of a form; may be given several times', several)
    .option('--response <file>', 'the whole answer as JSON from a file, or - for standard input')
    .option('--comment <text>', 'goes with the answer, for others to read', '')
    .action(async (id, options, command) => {
      const { answerWebInput } = await import('./answer.ts');
      await answerWebInput(await openContext(command), id, options);
    });
  asked
    .command('close <web-input>')
    .description('close a question unanswered; for its flow run it has expired')
    .option('--reason <text>', 'why, for others to read', '')
    .action(async (id, options, command) => {
      const { closeWebInput } = await import('./answer.ts');
      await closeWebInput(await openContext(command), id, options.reason);
    });
}
