import { Option, type Command } from '@commander-js/extra-typings';
import { defaultDataFolder } from '../connection/local-hub.ts';
import { positiveNumber, wholeNumber } from '../output/print-list.ts';
import { jsonPairs, several } from '../read-input.ts';

/** `up`: everything on this machine. */
export function registerUp(program: Command): void {
  program
    .command('up')
    .description('hub, portal, two compute sites and an instrument on this machine')
    .option('--folder <folder>', 'where everything is kept', defaultDataFolder)
    .option('--port <port>', 'of the portal (0 takes any)', wholeNumber, 8765)
    .option('--period <seconds>', 'between simulated shots', positiveNumber, 20)
    .option('--data <paths...>', 'analyse your own files (HDF5, TIFF, PNG) instead')
    .addOption(new Option('--app <app>', 'with --data: which analysis').choices(['xpcs', 'tomo']))
    .option('--parameter <name=value>', 'with --data: of the app (again for more)', several)
    .option('--exit', 'with --data: end after the answer')
    .option('--no-open', 'open no browser')
    .action(async (options) => {
      const { runUp } = await import('./run-up.ts');
      const { folder, port, period: periodSeconds, data = [], app, exit = false } = options;
      process.exitCode = await runUp({
        folder,
        port,
        periodSeconds,
        data,
        app,
        parameters: jsonPairs(options.parameter),
        endsAfterAnswer: exit,
        opensBrowser: options.open,
      });
    });
}
