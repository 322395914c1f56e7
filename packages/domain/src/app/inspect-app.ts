import { DomainError, type Fault } from '../error.ts';
import { checkInputSchema } from '../flow/validate-input.ts';
import { isJsonObject } from '../json.ts';
import { appCodeAt } from './app-code.ts';
import type { App, AppCode } from './app.ts';
import { checkShellLine, namesInCommand } from './render-command.ts';

/** What an agent can put into every command, besides parameters and inputs. */
const givenNames = ['cores', 'gpus', 'nodes', 'ranks', 'memoryBytes', 'job'];

/**
 * What is wrong with an app, before anybody submits it: a schema of its parameters that is none,
 * names in its commands that nothing gives a value, values in a shell line that no quoting
 * protects. All faults at once, each with its path.
 */
export function inspectApp(app: App): Fault[] {
  const faults = checkInputSchema(app.parameters).map((fault) => ({
    ...fault,
    loc: ['parameters', ...fault.loc],
  }));
  const known = namesKnown(app);
  faults.push(...inspectCode(appCodeAt(app, ''), known, []));
  for (const [site, variant] of Object.entries(app.variants)) {
    // What a variant leaves as it is has been looked at.
    if (variant.command === undefined && variant.shell === undefined) continue;
    faults.push(...inspectCode(appCodeAt(app, site), known, ['variants', site]));
  }
  return faults;
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
  const faults: Fault[] = [];
  const loc = [...at, 'command'];
  for (const name of namesInCommand(code.command)) {
    if (known === null || known.has(name)) continue;
    const msg = `nothing gives {${name}} a value; name a parameter or an input, or write {{ and }}`;
    faults.push({ loc, msg, type: 'unknown_name' });
  }
  if (!code.shell) return faults;
  try {
    checkShellLine(code.command);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    faults.push({ loc, msg: error.message, type: 'shell_line' });
  }
  return faults;
}
