import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { App, RetryRule } from '@interpulse/domain/app/app.ts';
import { duration } from '../output/quantities.ts';

/** The app with what the hub says of it; of JSON the contract says no more than that it is some. */
type AnsweredApp = Omit<App, 'parameters'> &
  Pick<Schemas['RegisteredApp'], 'parameters' | 'revision' | 'digests'>;

type Field = readonly [string, string | number];

/** Everything of an app that a person would ask for; what may be left out stands in brackets. */
export function describeApp(app: AnsweredApp): Field[] {
  const { nodes, cores, walltimeSeconds } = app.resources;
  const parameters = Object.entries(app.parameters['properties'] ?? {});
  return [
    ['app', app.name],
    ['title', app.title],
    ['description', app.description],
    ['version', app.version],
    ['revision', app.revision],
    ['command', inWords(app.command)],
    ...app.preamble.map((line) => ['preamble', line] as const),
    ...app.pre.map((command) => ['before it', inWords(command)] as const),
    ...app.post.map((command) => ['after it', inWords(command)] as const),
    ...Object.entries(app.environment).map(([name, value]) => [`sets ${name}`, value] as const),
    ...describeRule('when it fails', app.onError),
    ...describeRule('out of time', app.onTimeout),
    ['sites', app.sites === null ? 'any' : app.sites.join(', ')],
    ...Object.entries(app.digests).map(
      ([site, digest]) => [site === '*' ? 'digest' : `digest at ${site}`, digest] as const,
    ),
    ['resources', `${nodes} node(s) of ${cores} core(s) for ${duration(walltimeSeconds)}`],
    ...app.inputs.map(
      ({ name, required }) => [`input ${name}`, required ? 'needed' : 'optional'] as const,
    ),
    ...parameters.map(
      ([name, schema]) => [`parameter ${name}`, describeSchema(schema as object)] as const,
    ),
    ...app.outputs.map(
      ({ name, path, required }) =>
        [`output ${name}`, required ? path : `${path}, optional`] as const,
    ),
  ];
}

function inWords(command: App['command']): string {
  return command.map((word) => (typeof word === 'string' ? word : `[${word.join(' ')}]`)).join(' ');
}

/** What follows a bad end, where that is not all. */
function describeRule(end: string, rule: RetryRule): Field[] {
  const { retries, delaySeconds, exitCodes, resources } = rule;
  if (retries === 0) return [];
  const codes = exitCodes === undefined ? '' : ` after exit code ${exitCodes.join(', ')}`;
  const asked = Object.entries(resources).map(([name, value]) => `${name} ${value}`);
  const other = asked.length === 0 ? '' : `, with ${asked.join(', ')}`;
  const often = retries === 1 ? 'once more' : `up to ${retries} times more`;
  return [[end, `runs ${often}${codes}, first after ${duration(delaySeconds)}${other}`]];
}

function describeSchema(schema: { description?: string; type?: string }): string {
  return schema.description ?? schema.type ?? 'any';
}
