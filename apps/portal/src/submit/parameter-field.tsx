import { NativeSelect, TextInput } from '@mantine/core';
import { fieldWords, valueWords, type SchemaField } from './schema-fields.ts';

/** One parameter, asked for in the way its type wants. */
export function ParameterField(props: {
  field: SchemaField;
  input: string | undefined;
  error: string | null;
  onChange: (input: string) => void;
}) {
  const { field, input = '', error, onChange } = props;
  const byDefault = field.byDefault === undefined ? '' : defaultWords(field.byDefault);
  const shared = {
    label: field.label === field.name ? field.name : `${field.label} (${field.name})`,
    description: field.description || null,
    required: field.isRequired && field.byDefault === undefined,
    error,
    value: input,
  };
  const choices = choicesOf(field);
  if (choices.length > 0) {
    return (
      <NativeSelect
        {...shared}
        data={[{ value: '', label: byDefault === '' ? '–' : `${byDefault} (default)` }, ...choices]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const isNumber = field.kind === 'number' || field.kind === 'integer';
  return (
    <TextInput
      {...shared}
      inputMode={isNumber ? 'decimal' : 'text'}
      placeholder={byDefault === '' ? fieldWords(field) : `${byDefault} (default)`}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function choicesOf(field: SchemaField): { value: string; label: string }[] {
  const values = field.kind === 'boolean' ? [true, false] : field.choices;
  return values.map((value) => ({ value: JSON.stringify(value), label: defaultWords(value) }));
}

function defaultWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return valueWords(value);
}
