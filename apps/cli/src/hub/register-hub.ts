import type { Command } from '@commander-js/extra-typings';
import { DomainError } from '@interpulse/domain/error.ts';
import { globalOptions, openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';

/** The hub itself: `hub`, `agent`, `doctor`, `open`, `login`, `events`. */
export function registerHub(program: Command): void {
  program
    .command('hub')
    .description('run a hub')
    .requiredOption('--config <file>', 'its configuration (JSON)')
    .action(async ({ config }) => {
      const { runPart } = await import('./run-part.ts');
      await runPart('hub', ['--config', config]);
    });
  registerAgent(program);
  program
    .command('doctor')
    .description('look at everything that has to be right, and say how to mend it')
    .option('--folder <folder>', 'of interpulse up', 'interpulse-data')
    .option('--port <port>', 'of interpulse up', '8765')
    .action(async (options, command) => {
      const { runDoctor } = await import('./doctor.ts');
      await runDoctor(globalOptions(command), options);
    });
  program
    .command('open')
    .description('make a link that signs a browser in, and open it')
    .option('--no-browser', 'only print it')
    .option('--page <path>', 'where it leads, such as /questions')
    .action(async (options, command) => {
      const { openPortal } = await import('./open.ts');
      await openPortal(await openContext(command), options);
    });
  program
    .command('login <url>')
    .description('remember a hub and a token (--token, or asked for)')
    .action(async (url, _, command) => {
      const { signIn } = await import('./login.ts');
      await signIn(url, globalOptions(command));
    });
  registerEvents(program);
}

function registerAgent(program: Command): void {
  const agent = program
    .command('agent')
    .description('run the agent of a site')
    .option('--config <file>', 'its configuration (JSON)')
    .action(async ({ config }) => {
      if (config === undefined) {
        throw new DomainError('invalid', 'name a file: interpulse agent --config FILE');
      }
      const { runPart } = await import('./run-part.ts');
      await runPart('agent', ['--config', config]);
    });
  agent
    .command('enrol')
    .description('give an agent its identity, with the code of: interpulse site add')
    .requiredOption('--code <code>', 'the one-time code')
    .requiredOption('--folder <folder>', "the agent's own folder, as in its configuration")
    .action(async ({ code, folder }, command) => {
      const { runPart } = await import('./run-part.ts');
      const { findConnection } = await import('../connection/find-connection.ts');
      const { url } = findConnection(globalOptions(command));
      await runPart('agent', ['enrol', '--hub', url, '--code', code, '--folder', folder]);
    });
  agent
    .command('doctor <file>')
    .description("look at everything that an agent's configuration names")
    .option('--try', 'submit a small pilot to each pool, wait for its word, and cancel it')
    .action(async (file, options) => {
      const { runPart } = await import('./run-part.ts');
      await runPart('agent', ['doctor', '--config', file, ...(options.try ? ['--try'] : [])]);
    });
}

function registerEvents(program: Command): void {
  withPaging(
    program
      .command('events')
      .description('the history of everything')
      .option('--follow', 'what happens from now on, until Ctrl-C')
      .option('--after <cursor>', 'with --follow: begin after this event')
      .option('--subject-type <type>', 'about jobs, flowRuns, ...')
      .option('--subject-id <id>', 'about one thing')
      .option('--flow-run <id>', 'of one flow run'),
  ).action(async (options, command) => {
    const { printEvents } = await import('./events.ts');
    await printEvents(await openContext(command), options);
  });
}
