import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';

/** A filter with all its values side by side; where they do not fit, a list to choose from. */
export function FilterChoice<Value extends string>(props: {
  label: string;
  value: Value;
  data: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}) {
  const isNarrow = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false });
  const { label, value, onChange } = props;
  const data = [...props.data];
  return isNarrow ? (
    <NativeSelect
      aria-label={label}
      value={value}
      data={data}
      onChange={(event) => onChange(event.currentTarget.value as Value)}
    />
  ) : (
    <SegmentedControl aria-label={label} value={value} data={data} onChange={onChange} />
  );
}
