import { NativeSelect, TextInput } from '@mantine/core';
import type { DraftFields } from './draft-fields.ts';
import type { TriggerDraft } from './trigger-draft.ts';

/** Fields of a draft that are text. */
type TextName = {
  [N in keyof TriggerDraft]: TriggerDraft[N] extends string ? N : never;
}[keyof TriggerDraft];

interface InputProps extends DraftFields {
  name: TextName;
  label: string;
  description?: string;
  required?: boolean;
  /** Where in a request a fault of it stands; none is shown without. */
  faultPath?: string;
}

/** A text of a trigger, as it is typed; with `isCode` an expression or a pattern. */
export function DraftText(
  props: InputProps & { placeholder?: string; isCode?: boolean; isNumber?: boolean },
) {
  const { isCode = false, isNumber = false, placeholder = '' } = props;
  return (
    <TextInput
      {...sharedProps(props)}
      placeholder={placeholder}
      inputMode={isNumber ? 'numeric' : 'text'}
      styles={isCode ? { input: { fontFamily: 'var(--mantine-font-family-monospace)' } } : {}}
    />
  );
}

/** A choice of a trigger. */
export function DraftChoice(
  props: InputProps & { data: readonly (string | { value: string; label: string })[] },
) {
  return <NativeSelect {...sharedProps(props)} data={[...props.data]} />;
}

function sharedProps(props: InputProps) {
  const { draft, name, label, description, required = false, faultPath, onChange } = props;
  return {
    label,
    description: description ?? null,
    required,
    value: draft[name],
    error: faultPath === undefined ? null : props.faultAt(faultPath),
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ [name]: event.currentTarget.value }),
  };
}
