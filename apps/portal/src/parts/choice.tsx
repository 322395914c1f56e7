import { NativeSelect } from '@mantine/core';

/** A choice among few, for filters. */
export function Choice(props: {
  label: string;
  value: string;
  data: readonly (string | { value: string; label: string })[];
  onChange: (value: string) => void;
}) {
  return (
    <NativeSelect
      aria-label={props.label}
      value={props.value}
      data={[...props.data]}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}
