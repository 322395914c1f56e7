import type { Command } from '@commander-js/extra-typings';
import { openContext } from '../context.ts';
import { withPaging } from '../with-paging.ts';

/** `token`, `project` and `user`: who may do what. */
export function registerAccess(program: Command): void {
  registerTokens(program);
  registerProjects(program);
  registerUsers(program);
  registerAccounts(program);
}

function registerTokens(program: Command): void {
  const token = program.command('token').description('what programs sign in with');
  withPaging(
    token
      .command('list')
      .description('your tokens')
      .option('--user <name>', 'those of a service account of your project'),
  ).action(async (options, command) => {
    const { listTokens } = await import('./tokens.ts');
    await listTokens(await openContext(command), options);
  });
  token
    .command('create')
    .description('make a token; it is shown this once')
    .option('--label <text>', 'what it is for')
    .option(
      '--user <name>',
      'for a service account of your project, or another user (administrators)',
    )
    .option('--days <count>', 'how long it lives (default: until it is revoked)')
    .action(async (options, command) => {
      const { createToken } = await import('./tokens.ts');
      await createToken(await openContext(command), options);
    });
  token
    .command('revoke <token-id>')
    .description('revoke a token at once')
    .action(async (id, _, command) => {
      const { revokeToken } = await import('./tokens.ts');
      await revokeToken(await openContext(command), id);
    });
}

function registerProjects(program: Command): void {
  const project = program.command('project').description('groups of people');
  withPaging(project.command('list').description('your projects')).action(
    async (options, command) => {
      const { listProjects } = await import('./projects.ts');
      await listProjects(await openContext(command), options);
    },
  );
  project
    .command('create <project>')
    .description('add a project (administrators)')
    .option('--title <text>', 'for people')
    .action(async (name, options, command) => {
      const { createProject } = await import('./projects.ts');
      await createProject(await openContext(command), { name, ...options });
    });
  project
    .command('add-member <project> <user>')
    .description('give a user a part in a project')
    .option('--role <role>', 'reader, member or manager', 'member')
    .action(async (name, user, options, command) => {
      const { addMember } = await import('./projects.ts');
      await addMember(await openContext(command), { project: name, user, ...options });
    });
  project
    .command('remove-member <project> <user>')
    .description('take a user out of a project')
    .action(async (name, user, _, command) => {
      const { removeMember } = await import('./projects.ts');
      await removeMember(await openContext(command), name, user);
    });
}

function registerUsers(program: Command): void {
  const user = program.command('user').description('people and service accounts');
  withPaging(user.command('list').description('users and service accounts')).action(
    async (options, command) => {
      const { listUsers } = await import('./users.ts');
      await listUsers(await openContext(command), options);
    },
  );
  user
    .command('create <name>')
    .description('add a user or a service account (administrators)')
    .option('--title <text>', 'for people')
    .option('--service-account', 'for an instrument or a program')
    .option('--admin', 'may administer the hub')
    .action(async (name, options, command) => {
      const { createUser } = await import('./users.ts');
      await createUser(await openContext(command), { name, ...options });
    });
  user
    .command('me')
    .description('who you are, and your projects')
    .action(async (_, command) => {
      const { showMe } = await import('./users.ts');
      await showMe(await openContext(command));
    });
}

function registerAccounts(program: Command): void {
  program
    .command('account')
    .description('service accounts, as which flows act')
    .command('create <name>')
    .description('add a service account of a project (its managers)')
    .option('--project <project>', 'the project whose managers keep it')
    .option('--title <text>', 'for people')
    .option('--role <role>', 'its part in the project: reader or member', 'member')
    .action(async (name, options, command) => {
      const { createAccount } = await import('./users.ts');
      await createAccount(await openContext(command), { name, ...options });
    });
}
