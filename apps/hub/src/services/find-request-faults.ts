import { inspectOutputs } from '@interpulse/domain/app/inspect-app.ts';
import type { App } from '@interpulse/domain/app/app.ts';
import { namesInCommand } from '@interpulse/domain/app/render-command.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { JobRequest } from '@interpulse/domain/job/job.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { ReadRequest } from './read-job-requests.ts';

const sharesParts = new WeakMap<App, { inputs: Set<string>; names: Set<string> }>();

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
  return [...outputs, ...findInputFaults(request, app), ...findParameterFaults(request, app)];
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

/** The inputs of an app, and all names in its commands. */
function namesOf(app: App): { inputs: Set<string>; names: Set<string> } {
  let known = sharesParts.get(app);
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
    };
    sharesParts.set(app, known);
  }
  return known;
}

function toKib(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
