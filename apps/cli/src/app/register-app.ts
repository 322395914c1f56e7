import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';

/** `app`: named programs that sites can run. */
export function registerApp(program: Command): void {
  const app = program.command('app').description('named programs that sites can run');
  withPaging(app.command('list').description('apps')).action(async (options, command) => {
    const { listApps } = await import('./apps.ts');
    await listApps(await openContext(command), options);
  });
  app
    .command('show <app>')
    .description('one app: its command, parameters and files')
    .action(async (name, _, command) => {
      const { showApp } = await import('./apps.ts');
      await showApp(await openContext(command), name);
    });
  app
    .command('remove <app>')
    .description('take an app away')
    .action(async (name, _, command) => {
      const { removeApp } = await import('./apps.ts');
      await removeApp(await openContext(command), name);
    });
  app
    .command('save <file>')
    .description('add or change an app from a JSON file (- for standard input)')
    .option('--name <name>', 'its name, when the file does not say')
    .action(async (file, options, command) => {
      const { saveApp } = await import('./apps.ts');
      await saveApp(await openContext(command), { file, ...options });
    });
}
