import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { FactList } from '../parts/fact-list.tsx';
import classes from './attempt-provenance.module.css';
import { commandLine } from '../format/command-line.ts';
import { shortDigest } from '../format/short-digest.ts';

/** What an attempt was made of: who ran what, where, in which versions. */
export function AttemptProvenance(props: { attempt: Schemas['JobAttempt'] }) {
  const { attempt } = props;
  const versions = Object.entries(attempt.versions)
    .filter(([, version]) => version !== '')
    .map(([name, version]) => (name === 'os' ? version : `${name} ${version}`))
    .sort();
  return (
    <div className={classes.provenance}>
      <h3>Attempt {attempt.number}, as it ran</h3>
      <div className={classes.facts}>
        <FactList
          facts={[
            { name: 'Account', value: attempt.user },
            { name: attempt.hosts.length > 1 ? 'Hosts' : 'Host', value: hostList(attempt) },
            { name: 'Process', value: attempt.pid },
            { name: 'Exit code', value: attempt.exitCode },
            { name: 'Signal', value: attempt.signal },
            {
              name: 'Pilot',
              value: attempt.pilotId && <span className="ip-mono">{attempt.pilotId}</span>,
            },
          ]}
        />
        <FactList
          facts={[
            {
              name: 'App code',
              value: attempt.appDigest && (
                <CopyText
                  value={attempt.appDigest}
                  short={shortDigest(attempt.appDigest)}
                  label="the digest of the app's code"
                />
              ),
            },
            { name: 'Versions', value: versions.join(', ') },
          ]}
        />
      </div>
      {attempt.argv.length > 0 && (
        <pre className="ip-pre" aria-label="Command">
          {commandLine(attempt.argv)}
        </pre>
      )}
      {attempt.stderrTail !== null && attempt.stderrTail !== '' && (
        <>
          <h3>The end of its stderr</h3>
          <pre className="ip-pre">{attempt.stderrTail}</pre>
        </>
      )}
    </div>
  );
}

function hostList(attempt: Schemas['JobAttempt']): string | null {
  return attempt.hosts.length > 0 ? attempt.hosts.join(', ') : attempt.host;
}
