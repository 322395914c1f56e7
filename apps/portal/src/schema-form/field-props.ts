import type { Json, JsonTrail } from '@interpulse/domain/json.ts';
import { fieldWords, type FormField } from './form-field.ts';

/** What every kind of field is given. */
export interface FieldProps {
  field: FormField;
  at: JsonTrail;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

/** The words around a field, as Mantine's inputs take them. */
export function labelsOf(field: FormField, fault: string | null) {
  const { byDefault } = field;
  const words = byDefault === undefined ? '' : defaultWords(byDefault);
  return {
    label: field.label,
    description: field.description || null,
    required: field.isRequired,
    error: fault,
    placeholder: words === '' ? fieldWords(field) : `${words} (default)`,
  };
}

function defaultWords(value: Json): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
