import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { defined } from '../read-input.ts';
import { wholeNumber } from '../output/print-list.ts';

/** `limit`: how much of the sites a project, an app, or all together may have at a time. */
export function registerLimit(program: Command): void {
  const limit = program
    .command('limit')
    .description('the most that may be placed at a time, by project, site and app');
  limit
    .command('list')
    .description('limits, and what is placed under them')
    .action(async (_, command) => {
      const { listLimits } = await import('./limits.ts');
      await listLimits(await openContext(command));
    });
  limit
    .command('set')
    .description('set one; flags that are left out mean any')
    .option('--project <project>', 'of one project')
    .option('--site <site>', 'at one site')
    .option('--app <app>', 'of one app')
    .option('--max-jobs <count>', 'jobs placed and not ended', wholeNumber)
    .option('--max-cores <count>', 'cores of these jobs', wholeNumber)
    .action(async (options, command) => {
      const { setLimit } = await import('./limits.ts');
      await setLimit(await openContext(command), defined(options));
    });
  limit
    .command('remove')
    .description('take one away, named by the same flags')
    .option('--project <project>', 'of one project')
    .option('--site <site>', 'at one site')
    .option('--app <app>', 'of one app')
    .action(async (options, command) => {
      const { removeLimit } = await import('./limits.ts');
      await removeLimit(await openContext(command), options);
    });
}
