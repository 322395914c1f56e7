import { evaluateTrigger } from '@interpulse/domain/trigger/evaluate-trigger.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { TriggerRules } from '@interpulse/domain/trigger/evaluate-trigger.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';
import { exampleEvent } from './example-event.ts';
import classes from './triggers.module.css';

/** What the rules make of the example: the flow's input and label, and what the flow says to it. */
export function Trial(props: {
  rules: TriggerRules;
  source: TriggerSource;
  inputSchema: JsonObject;
}) {
  const { rules, source, inputSchema } = props;
  const verdict = evaluateTrigger(rules, exampleEvent(source));
  if (verdict.kind !== 'start') {
    return (
      <p className={classes.note} role="status">
        On the example it {verdict.kind === 'filtered' ? 'would not fire' : 'fails'}:{' '}
        {verdict.reason}
      </p>
    );
  }
  const faults = validateInput(inputSchema, verdict.input);
  return (
    <div role="region" aria-label="On the example">
      <h3 className="ip-heading">On the example the flow is given</h3>
      <pre className={`ip-pre ${classes.example}`}>{JSON.stringify(verdict.input, null, 2)}</pre>
      {faults.length > 0 && (
        <>
          <p className={classes.note}>The flow would refuse this, if events look so:</p>
          <ul className={classes.faults}>
            {faults.slice(0, 6).map(({ loc, msg }) => (
              <li key={`${loc.join('.')} ${msg}`}>
                <code>{loc.join('.') || 'the input'}</code> {msg}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
