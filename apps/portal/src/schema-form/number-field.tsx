import { useState } from 'react';
import { TextInput } from '@mantine/core';
import type { Json } from '@interpulse/domain/json.ts';
import { useFormFacts } from './form-context.ts';
import { labelsOf, type FieldProps } from './field-props.ts';

/** A number as people type it: half typed it is text, and the check says that it is no number. */
export function NumberField(props: FieldProps) {
  const { field, at, value, onChange } = props;
  const facts = useFormFacts(at);
  // An element that was just added to a list is null until something is typed.
  const isEmpty = value === undefined || value === null;
  const fault = isEmpty && facts.fault !== null ? 'is needed' : facts.fault;
  const [typed, setTyped] = useState<string | null>(null);
  const shown = isEmpty ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  // What was typed stays as it is (1.0, 1e3) while it means the value.
  const text = typed !== null && read(typed) === value ? typed : shown;
  return (
    <TextInput
      {...labelsOf(field, fault)}
      inputMode={field.kind === 'textOrNumber' ? 'text' : 'decimal'}
      value={text}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(read(event.currentTarget.value));
      }}
    />
  );
}

function read(text: string): Json | undefined {
  const plain = text.trim();
  if (plain === '') return undefined;
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(plain) ? Number(plain) : text;
}
