import { parseArgs } from 'node:util';
import pino from 'pino';
import { DomainError } from '@interpulse/domain/error.ts';
import { startAgent } from './agent.ts';
import { readAgentConfig } from './config/read-agent-config.ts';
import { doctor } from './doctor/doctor.ts';
import { readAgentIdentity } from './hub/agent-identity.ts';
import { enrolAgent } from './hub/enrol-agent.ts';

const usage = `usage:
  agent [--config] FILE [--end-pilots]    runs the agent
  agent enrol [--config] FILE --code CODE enrols it at its hub
  agent enrol --hub URL --folder DIR --code CODE
                                          the same, before there is a FILE
  agent doctor [--config] FILE            says what is in order and what is not
`;

/** What stands on the command line. */
function readCommandLine() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      code: { type: 'string' },
      hub: { type: 'string' },
      folder: { type: 'string' },
      'end-pilots': { type: 'boolean', default: false },
    },
  });
  const verbs = ['enrol', 'doctor', 'run'];
  const [first = ''] = positionals;
  const verb = verbs.includes(first) ? first : 'run';
  const path = values.config ?? positionals[verbs.includes(first) ? 1 : 0];
  const { code, hub, folder } = values;
  return { verb, path, code, hub, folder, endPilots: values['end-pilots'] };
}

async function run(path: string, endPilots: boolean): Promise<void> {
  const config = readAgentConfig(path, process.env);
  const identity = await readAgentIdentity(config.folder);
  const log = pino({ level: config.logLevel, base: { agentId: identity.agentId } });
  const agent = await startAgent(config, identity, log);
  log.info({ site: identity.site, hub: config.hub }, 'the agent runs');
  const stop = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  const reason = await Promise.race([stop, agent.ended]);
  log.info({ reason }, 'the agent ends');
  await agent.close({ endPilots: endPilots || config.endPilots });
  process.exit(agent.session.state.code === 'replaced' ? 1 : 0);
}

async function enrol(words: ReturnType<typeof readCommandLine>): Promise<void> {
  const { code, path } = words;
  const config = path === undefined ? words : readAgentConfig(path, process.env);
  if (code === undefined || config.hub === undefined || config.folder === undefined) {
    throw new DomainError('invalid', usage);
  }
  const { agentId, site } = await enrolAgent(config.hub, code, config.folder);
  process.stdout.write(`enrolled as ${agentId}, the agent of site ${site}\n`);
}

try {
  const words = readCommandLine();
  const { verb, path, endPilots } = words;
  if (verb === 'enrol') {
    await enrol(words);
  } else if (path === undefined) {
    throw new DomainError('invalid', usage);
  } else if (verb === 'run') {
    await run(path, endPilots);
  } else {
    const checks = await doctor(readAgentConfig(path, process.env));
    for (const { name, ok, detail, fix } of checks) {
      process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${detail}${ok ? '' : `; ${fix}`}\n`);
    }
    process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1;
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
