import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { commandLine } from '../format/command-line.ts';
import classes from './app-page.module.css';

type App = Schemas['RegisteredApp'];
type Code = Pick<App, 'command' | 'shell' | 'preamble' | 'pre' | 'post' | 'environment'>;

/** What of an app runs: its command with what comes before and after, and its variants. */
export function AppCode(props: { app: App }) {
  const variants = Object.entries(props.app.variants);
  return (
    <div className={classes.code}>
      <CodeParts code={props.app} />
      {variants.map(([site, variant]) => (
        <div key={site}>
          <h3>Instead, at {site}</h3>
          <CodeParts code={variant} isVariant />
        </div>
      ))}
    </div>
  );
}

type PartialCode = { [K in keyof Code]?: Code[K] | undefined };

function CodeParts(props: { code: PartialCode; isVariant?: boolean }) {
  const { command, shell, preamble, pre, post, environment } = props.code;
  const variables = Object.entries(environment ?? {}).map(([name, value]) => `${name}=${value}`);
  const parts: [string, string[]][] = [
    ['Before it, in bash', preamble ?? []],
    ['Commands before', (pre ?? []).map(templateLine)],
    [
      shell === true ? 'Command, one line for a shell' : 'Command, no shell',
      command === undefined ? [] : [templateLine(command)],
    ],
    ['Commands after', (post ?? []).map(templateLine)],
    ['Environment', variables],
  ];
  return parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => (
      <section key={title}>
        <h4>{title}</h4>
        <pre className="ip-pre">{lines.join('\n')}</pre>
      </section>
    ));
}

/** A template as one line; groups that are left out without a value stand in brackets. */
function templateLine(command: App['command']): string {
  return command
    .map((word) => (typeof word === 'string' ? commandLine([word]) : `[${commandLine(word)}]`))
    .join(' ');
}
