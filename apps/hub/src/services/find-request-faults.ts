import { inspectOutputs } from '@interpulse/domain/app/inspect-app.ts';
import type { App } from '@interpulse/domain/app/app.ts';
import { neededNames } from '@interpulse/domain/app/needed-names.ts';
import { namesInCommand } from '@interpulse/domain/app/render-command.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { JobRequest } from '@interpulse/domain/job/job.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { ReadRequest } from './read-job-requests.ts';

interface AppNames {
  inputs: Set<string>;
  /** All names in its commands. */
  names: Set<string>;
  /** Those that must have a value. */
  needed: Set<string>;
}

const namesOfApps = new WeakMap<App, AppNames>();

/** What is wrong with a request for an app that was looked up; paths count from the job. */
export function findRequestFaults({ request, bytes }: ReadRequest, app: App | undefined): Fault[] {
  if (bytes > limits.jobBytes) {
    const most = toKib(limits.jobBytes);
    const msg = `${toKib(bytes)} KiB are too much for one job (${most}); use files`;
    return [{ loc: [], msg, type: 'too_big' }];
  }
  const outputs = inspectOutputs(request.outputs);
  if (request.app === undefined) return outputs;
  if (app === undefined) {
    const msg = `there is no app "${request.app}"; see \`interpulse app list\``;
    return [{ loc: ['app'], msg, type: 'unknown_app' }];
  }
  const faults = [...findInputFaults(request, app), ...findParameterFaults(request, app)];
  return [...outputs, ...faults, ...findMissing(request, app, faults)];
}

/** Values without which no site could start it; what is told of already is not told again. */
function findMissing({ parameters, inputs }: JobRequest, app: App, told: Fault[]): Fault[] {
  const isTold = (name: string): boolean => told.some(({ loc }) => loc.at(-1) === name);
  return [...namesOf(app).needed].flatMap((name) => {
    const given = parameters[name] ?? inputs[name] ?? null;
    if (given !== null || isTold(name)) return [];
    const msg = `app ${app.name} needs a value for "${name}": its command has it`;
    const isInput = app.inputs.some((input) => input.name === name);
    return [{ loc: [isInput ? 'inputs' : 'parameters', name], msg, type: 'missing' }];
  });
}

function findInputFaults(request: JobRequest, app: App): Fault[] {
  const faults: Fault[] = [];
  for (const input of app.inputs) {
    if (input.required && request.inputs[input.name] === undefined) {
      const msg = `app ${app.name} needs the input "${input.name}" (collection:/path)`;
      faults.push({ loc: ['inputs', input.name], msg, type: 'missing' });
    }
  }
  const { inputs } = namesOf(app);
  for (const name of Object.keys(request.inputs)) {
    if (inputs.has(name)) continue;
    const known = [...inputs].join(', ') || 'none';
    const msg = `app ${app.name} has no input "${name}"; it has ${known}`;
    faults.push({ loc: ['inputs', name], msg, type: 'unknown_input' });
  }
  return faults;
}

function findParameterFaults({ parameters }: JobRequest, app: App): Fault[] {
  if (Object.keys(app.parameters).length > 0) {
    const found = validateInput(app.parameters, parameters);
    return found.map((fault) => ({ ...fault, loc: ['parameters', ...fault.loc] }));
  }
  const { names } = namesOf(app);
  return Object.keys(parameters).flatMap((name) => {
    const msg = `app ${app.name} has no parameter "${name}"`;
    const fault = { loc: ['parameters', name], msg, type: 'unknown_parameter' };
    return names.has(name) ? [] : [fault];
  });
}

function namesOf(app: App): AppNames {
  let known = namesOfApps.get(app);
  if (known === undefined) {
    const variants = Object.values(app.variants);
    const commands = [app, ...variants].flatMap(({ command, pre = [], post = [] }) => [
      ...(command === undefined ? [] : [command]),
      ...pre,
      ...post,
    ]);
    known = {
      inputs: new Set(app.inputs.map((input) => input.name)),
      names: new Set(commands.flatMap((command) => namesInCommand(command))),
      needed: neededNames(app),
    };
    namesOfApps.set(app, known);
  }
  return known;
}

function toKib(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
