import { useState } from 'react';
import { SegmentedControl, Textarea } from '@mantine/core';
import type { Fault } from '@interpulse/domain/error.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { SchemaForm } from './schema-form.tsx';
import classes from './schema-form.module.css';

/** An input document as a form made from its schema, or as JSON; both are the same document. */
export function InputEditor(props: {
  schema: JsonObject;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  faults: readonly Fault[];
  showsMissing: boolean;
  /** Of the JSON; "Input" when not said. */
  label?: string;
  /** Told while the JSON cannot be read: there is nothing to send then. */
  onBroken: (isBroken: boolean) => void;
}) {
  const { schema, value, onChange, faults, showsMissing } = props;
  const hasForm = isJsonObject(schema['properties']);
  const [mode, setMode] = useState<'form' | 'json'>(hasForm ? 'form' : 'json');
  const [typed, setTyped] = useState<string | null>(null);
  const broken = typed !== null && readObject(typed) === null;
  return (
    <div className="ip-stack">
      {hasForm && (
        <SegmentedControl
          size="xs"
          style={{ alignSelf: 'flex-start' }}
          aria-label="How the input is written"
          value={mode}
          disabled={broken}
          data={[
            { value: 'form', label: 'Form' },
            { value: 'json', label: 'JSON' },
          ]}
          onChange={(next) => {
            setMode(next);
            setTyped(null);
          }}
        />
      )}
      {mode === 'form' ? (
        <SchemaForm {...{ schema, value, onChange, faults, showsMissing }} />
      ) : (
        <>
          <Textarea
            label={props.label ?? 'Input'}
            autosize
            minRows={6}
            maxRows={28}
            value={typed ?? JSON.stringify(value, null, 2)}
            error={broken ? 'is not a JSON object' : null}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            onChange={(event) => {
              const text = event.currentTarget.value;
              const read = readObject(text);
              setTyped(text);
              props.onBroken(read === null);
              if (read !== null) onChange(read);
            }}
          />
          {!broken && faults.length > 0 && (
            <ul className={classes.faults}>
              {faults.map((fault) => (
                <li key={`${fault.loc.join('.')} ${fault.msg}`}>
                  <code>{fault.loc.join('.') || 'the input'}</code> {fault.msg}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function readObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
