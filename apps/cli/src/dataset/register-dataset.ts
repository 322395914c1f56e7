import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';
import { several } from '../read-input.ts';

/** `dataset`: the catalog. */
export function registerDataset(program: Command): void {
  const dataset = program.command('dataset').description('the catalog');
  withPaging(
    dataset
      .command('list')
      .description('datasets, newest first')
      .option('--search <text>', 'in title, keywords and metadata')
      .option('--kind <kind>', 'raw or result')
      .option('--instrument <name>', 'of one instrument')
      .option('--project <project>', 'of one project')
      .option('--flow-run <id>', 'of one flow run'),
  ).action(async (options, command) => {
    const { listDatasets } = await import('./list.ts');
    await listDatasets(await openContext(command), options);
  });
  dataset
    .command('show <dataset>')
    .description('one dataset: where it comes from, what came of it, its figures')
    .action(async (id, _, command) => {
      const { showDataset } = await import('./show.ts');
      await showDataset(await openContext(command), id);
    });
  dataset
    .command('files <dataset>')
    .description('its files')
    .action(async (id, _, command) => {
      const { listDatasetFiles } = await import('./show.ts');
      await listDatasetFiles(await openContext(command), id);
    });
  dataset
    .command('get <dataset> [files...]')
    .description('fetch its small files (large ones travel with: interpulse transfer start)')
    .option('--folder <folder>', 'where to', '.')
    .action(async (id, files, options, command) => {
      const { getDatasetFiles } = await import('./get.ts');
      await getDatasetFiles(await openContext(command), { id, files, ...options });
    });
  dataset
    .command('register <files...>')
    .description('register files (collection:/path) as a dataset')
    .requiredOption('--title <text>', 'what it is')
    .option('--kind <kind>', 'raw or result', 'raw')
    .option('--derived-from <dataset>', 'what it was made of (again for more)', several)
    .option('--keyword <word>', 'to find it again (again for more)', several)
    .option('--metadata <file>', 'an object, JSON or YAML (- for standard input)')
    .option('--project <project>', 'who owns it')
    .action(async (files, options, command) => {
      const { registerDatasetFiles } = await import('./register.ts');
      await registerDatasetFiles(await openContext(command), { files, ...options });
    });
}
