import { DomainError, type Fault } from '../error.ts';
import { checkInputSchema } from '../flow/validate-input.ts';
import { isJsonObject } from '../json.ts';
import { appCodeAt } from './app-code.ts';
import type { App, AppCode } from './app.ts';
import { givenNames } from './given-names.ts';
import { leadsOut, leadsOutText } from './leads-out.ts';
import { checkShellLine, namesInCommand } from './render-command.ts';

/**
 * What is wrong with an app, before anybody submits it: a schema of its parameters that is none,
 * outputs outside of the work directory, names in its commands that nothing gives a value, values
 * in a shell line that no quoting protects. All faults at once, each with its path.
 */
export function inspectApp(app: App): Fault[] {
  const faults = checkInputSchema(app.parameters).map((fault) => ({
    ...fault,
    loc: ['parameters', ...fault.loc],
  }));
  faults.push(...inspectOutputs(app.outputs));
  const known = namesKnown(app);
  faults.push(...inspectCode(appCodeAt(app, ''), known, []));
  for (const [site, variant] of Object.entries(app.variants)) {
    const { command, shell, pre = [], post = [] } = variant;
    // What a variant leaves as it is has been looked at.
    const code = { ...appCodeAt(app, site), pre, post };
    const inspect = command === undefined && shell === undefined ? inspectAround : inspectCode;
    faults.push(...inspect(code, known, ['variants', site]));
  }
  return faults;
}

/** Outputs, of an app or of a plain command, that would lie outside of the work directory. */
export function inspectOutputs(outputs: App['outputs']): Fault[] {
  return outputs.flatMap(({ name, path }, place) => {
    if (!leadsOut(path)) return [];
    const msg = `the output "${name}" (${path}): ${leadsOutText}`;
    return [{ loc: ['outputs', place, 'path'], msg, type: 'leads_out' }];
  });
}

/** Null where the parameters may be anything: then any name may have a value. */
function namesKnown(app: App): Set<string> | null {
  const { properties } = app.parameters;
  if (!isJsonObject(properties)) return null;
  return new Set([
    ...Object.keys(properties),
    ...app.inputs.map(({ name }) => name),
    ...givenNames,
  ]);
}

function inspectCode(code: AppCode, known: Set<string> | null, at: Fault['loc']): Fault[] {
  const loc = [...at, 'command'];
  const faults = [...inspectNames(code.command, known, loc), ...inspectAround(code, known, at)];
  if (!code.shell) return faults;
  try {
    checkShellLine(code.command);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    faults.push({ loc, msg: error.message, type: 'shell_line' });
  }
  return faults;
}

/** The commands before and after. */
function inspectAround(
  { pre, post }: Pick<AppCode, 'pre' | 'post'>,
  known: Set<string> | null,
  at: Fault['loc'],
): Fault[] {
  return Object.entries({ pre, post }).flatMap(([key, commands]) =>
    commands.flatMap((command, place) => inspectNames(command, known, [...at, key, place])),
  );
}

function inspectNames(
  command: AppCode['command'],
  known: Set<string> | null,
  loc: Fault['loc'],
): Fault[] {
  const unknown = namesInCommand(command).filter((name) => known !== null && !known.has(name));
  return unknown.map((name) => {
    const msg = `nothing gives {${name}} a value; name a parameter or an input, or write {{ and }}`;
    return { loc, msg, type: 'unknown_name' };
  });
}
