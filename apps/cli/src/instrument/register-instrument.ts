import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { pagingOptions } from '../paging-options.ts';

/** `instrument`: what measures, and its shots. */
export function registerInstrument(program: Command): void {
  const instrument = program.command('instrument').description('what measures');
  instrument
    .command('list')
    .description('instruments and their clocks')
    .addOption(pagingOptions.limit())
    .addOption(pagingOptions.cursor())
    .addOption(pagingOptions.all())
    .action(async (options, command) => {
      const { listInstruments } = await import('./instruments.ts');
      await listInstruments(await openContext(command), options);
    });
  instrument
    .command('show <instrument>')
    .description('one instrument')
    .action(async (name, _, command) => {
      const { showInstrument } = await import('./instruments.ts');
      await showInstrument(await openContext(command), name);
    });
  instrument
    .command('shots <instrument>')
    .description('its shots, newest first, and how soon they were answered')
    .addOption(pagingOptions.limit())
    .addOption(pagingOptions.cursor())
    .addOption(pagingOptions.all())
    .action(async (name, options, command) => {
      const { listShots } = await import('./instruments.ts');
      await listShots(await openContext(command), name, options);
    });
}
