import { useState } from 'react';
import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';

/** A search field that reports what was typed once typing pauses. */
export function SearchInput(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  widthPixels?: number;
}) {
  const [text, setText] = useState(props.value);
  const report = useDebouncedCallback(props.onChange, 300);
  return (
    <TextInput
      type="search"
      aria-label={props.label}
      placeholder={props.label}
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        report(event.currentTarget.value);
      }}
      w={{ base: '100%', xs: props.widthPixels ?? 240 }}
    />
  );
}
