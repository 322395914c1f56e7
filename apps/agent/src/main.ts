import { parseArgs } from 'node:util';
import pino from 'pino';
import { DomainError } from '@interpulse/domain/error.ts';
import { startAgent } from './agent.ts';
import { readAgentConfig } from './config/read-agent-config.ts';
import type { Check } from './doctor/check.ts';
import { doctor } from './doctor/doctor.ts';
import { tryPilots } from './doctor/try-pilot.ts';
import { readAgentIdentity } from './hub/agent-identity.ts';
import { enrolAgent } from './hub/enrol-agent.ts';

const usage = `usage:
  agent [--config] FILE [--end-pilots]    runs the agent
  agent enrol [--config] FILE --code CODE enrols it at its hub
  agent enrol --hub URL --folder DIR --code CODE
                                          the same, before there is a FILE
  agent doctor [--config] FILE [--try]    says what is in order and what is not;
                                          --try submits a small pilot to each pool,
                                          for --try-seconds N (120) at most
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
      try: { type: 'boolean', default: false },
      'try-seconds': { type: 'string', default: '120' },
    },
  });
  const verbs = ['enrol', 'doctor', 'run'];
  const [first = ''] = positionals;
  const verb = verbs.includes(first) ? first : 'run';
  const path = values.config ?? positionals[verbs.includes(first) ? 1 : 0];
  const { code, hub, folder } = values;
  const trySeconds = values.try ? Number(values['try-seconds']) : null;
  return { verb, path, code, hub, folder, endPilots: values['end-pilots'], trySeconds };
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
  const isReplaced = agent.session.state.code === 'replaced';
  // Where both share a cluster, the pilots are those of the agent that took this one's place.
  const keepsPilots = isReplaced && config.compute?.batch !== 'local';
  await agent.close({ endPilots: (endPilots || config.endPilots) && !keepsPilots });
  process.exit(isReplaced ? 1 : 0);
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

async function examine(path: string, trySeconds: number | null): Promise<void> {
  const config = readAgentConfig(path, process.env);
  const { compute } = config;
  const checks = await doctor(config);
  checks.forEach(print);
  if (trySeconds !== null && compute !== null) {
    const log = pino({ level: 'error' });
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    const trial = { config: { ...config, compute }, patienceSeconds: trySeconds, log, say };
    const tried = await tryPilots(trial);
    tried.forEach(print);
    checks.push(...tried);
  }
  process.exit(checks.every(({ ok }) => ok) ? 0 : 1);
}

function print({ name, ok, detail, fix }: Check): void {
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${detail}${ok ? '' : `; ${fix}`}\n`);
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
    await examine(path, words.trySeconds);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
