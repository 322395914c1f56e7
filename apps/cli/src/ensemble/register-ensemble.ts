import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';

/** `ensemble`: jobs that were submitted as one request. */
export function registerEnsemble(program: Command): void {
  const ensemble = program
    .command('ensemble')
    .description('jobs that were submitted as one request (job submit --ensemble)');
  withPaging(
    ensemble
      .command('list')
      .description('ensembles, newest first')
      .option('--project <project>', 'of one project')
      .option('--label <text>', 'with this in the label')
      .option('--mine', 'my own')
      .option('--open', 'only those that have not ended'),
  ).action(async (options, command) => {
    const { listEnsembles } = await import('./ensembles.ts');
    await listEnsembles(await openContext(command), options);
  });
  ensemble
    .command('show <ensemble>')
    .description('counts, durations, failures by reason')
    .action(async (id, _, command) => {
      const { showEnsemble } = await import('./ensembles.ts');
      await showEnsemble(await openContext(command), id);
    });
  ensemble
    .command('follow <ensemble>')
    .description('show its progress until it ends; fails unless all completed')
    .action(async (id, _, command) => {
      const { followEnsemble } = await import('./ensembles.ts');
      await followEnsemble(await openContext(command), id);
    });
  ensemble
    .command('get <ensemble> [outputs...]')
    .description('fetch small outputs of what has completed, a folder for each job')
    .option('--folder <folder>', 'where to', '.')
    .action(async (id, names, options, command) => {
      const { getEnsembleFiles } = await import('../job/get.ts');
      await getEnsembleFiles(await openContext(command), id, { names, ...options });
    });
  ensemble
    .command('cancel <ensemble>')
    .description('cancel every job of it that has not ended')
    .action(async (id, _, command) => {
      const { cancelEnsemble } = await import('./ensembles.ts');
      await cancelEnsemble(await openContext(command), id);
    });
  ensemble
    .command('retry <ensemble>')
    .description('run what failed or was canceled again')
    .action(async (id, _, command) => {
      const { retryEnsemble } = await import('./ensembles.ts');
      await retryEnsemble(await openContext(command), id);
    });
}
