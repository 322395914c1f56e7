import { Command } from '@commander-js/extra-typings';
import { registerAccess } from './access/register-access.ts';
import { registerApp } from './app/register-app.ts';
import { registerCompletion } from './completion/register-completion.ts';
import { registerData } from './data/register-data.ts';
import { registerDataset } from './dataset/register-dataset.ts';
import { registerEnsemble } from './ensemble/register-ensemble.ts';
import { registerFlow } from './flow/register-flow.ts';
import { registerFlowRun } from './flow-run/register-flow-run.ts';
import { addExamples } from './help/add-examples.ts';
import { nameOptions } from './help/name-options.ts';
import { registerHub } from './hub/register-hub.ts';
import { registerInstrument } from './instrument/register-instrument.ts';
import { registerJob } from './job/register-job.ts';
import { registerLimit } from './limit/register-limit.ts';
import { registerNotice } from './notice/register-notice.ts';
import { registerSite } from './site/register-site.ts';
import { registerTrigger } from './trigger/register-trigger.ts';
import { registerUp } from './up/register-up.ts';
import { registerWebInput } from './web-input/register-web-input.ts';
import { version } from './version.ts';

/** The whole command line; what a verb does is loaded when it runs. */
export function createProgram(): Command {
  const program = new Command('interpulse')
    .description('Brings the answer back before the next pulse.')
    .version(version(), '-V', 'the version of this program (also --version)')
    .option('--json', "print the API's objects, one JSON document (lines for streams)")
    .option(
      '--hub <url>',
      'address of the hub (else INTERPULSE_URL, the profile, ./interpulse-data)',
    )
    .option('--token <token>', 'who asks (else INTERPULSE_TOKEN, or what belongs to the address)')
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'interpulse: ')),
    }) as Command;
  registerUp(program);
  registerHub(program);
  registerFlow(program);
  registerFlowRun(program);
  registerTrigger(program);
  registerWebInput(program);
  registerNotice(program);
  registerJob(program);
  registerEnsemble(program);
  registerSite(program);
  registerLimit(program);
  registerData(program);
  registerDataset(program);
  registerApp(program);
  registerInstrument(program);
  registerAccess(program);
  registerCompletion(program);
  addExamples(program);
  nameOptions(program);
  return program;
}
