import { useState } from 'react';
import { Textarea } from '@mantine/core';
import type { Json } from '@interpulse/domain/json.ts';
import { useFormFacts } from './form-context.ts';
import { labelsOf, type FieldProps } from './field-props.ts';
import classes from './schema-form.module.css';

/** A value that has no form of its own, as JSON. */
export function JsonField(props: FieldProps) {
  const { field, at, value, onChange } = props;
  const { fault } = useFormFacts(at, true);
  const [typed, setTyped] = useState<{ text: string; isJson: boolean } | null>(null);
  const labels = labelsOf(field, fault);
  const written = value === undefined ? '' : JSON.stringify(value, null, 2);
  return (
    <Textarea
      {...labels}
      className={classes.whole ?? ''}
      autosize
      minRows={1}
      maxRows={14}
      error={typed?.isJson === false ? 'is not JSON' : labels.error}
      value={typed?.text ?? written}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      onChange={(event) => {
        const text = event.currentTarget.value;
        const read = readJson(text);
        setTyped({ text, isJson: read !== null });
        if (read !== null) onChange(read.value);
      }}
      onBlur={() => {
        if (typed?.isJson === true) setTyped(null);
      }}
    />
  );
}

function readJson(text: string): { value: Json | undefined } | null {
  if (text.trim() === '') return { value: undefined };
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return null;
  }
}
