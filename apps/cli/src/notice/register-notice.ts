import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { several } from '../read-input.ts';

/** `notice`: where one hears of flow runs. */
export function registerNotice(program: Command): void {
  const notice = program.command('notice').description('where you hear of flow runs, and of which');
  notice
    .command('show')
    .description('where you are told, of what, and whether messages arrive')
    .action(async (_, command) => {
      const { showNotices } = await import('./notices.ts');
      await showNotices(await openContext(command));
    });
  notice
    .command('set')
    .description('say where you want to be told, and of what')
    .option('--to <place>', 'mail:ADDRESS, chat:ROOM or webhook:URL (again for more)', several)
    .option(
      '--on <occasion>',
      'failed, canceled, succeeded, late, waiting, paused (again for more)',
      several,
    )
    .option('--nowhere', 'be told nothing')
    .action(async (options, command) => {
      const { setNotices } = await import('./notices.ts');
      await setNotices(await openContext(command), options);
    });
  notice
    .command('test')
    .description('send a test to every place of yours')
    .action(async (_, command) => {
      const { testNotices } = await import('./notices.ts');
      await testNotices(await openContext(command));
    });
}
