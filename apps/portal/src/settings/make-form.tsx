import { Button, NativeSelect, TextInput } from '@mantine/core';
import { ProblemNotice } from '../parts/problem-notice.tsx';

interface Named {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A line that makes something new: its name, a choice, a button, and why it could not be made. */
export function MakeForm(props: {
  /** On the button. */
  label: string;
  name: Named & { placeholder: string };
  choice: Named & { data: (string | { value: string; label: string })[] };
  make: { mutate: () => void; isPending: boolean; isError: boolean; error: unknown };
}) {
  const { label, name, choice, make } = props;
  return (
    <>
      <form
        className="ip-row"
        style={{ alignItems: 'end', marginBottom: 14 }}
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextInput
          {...name}
          onChange={(event) => name.onChange(event.currentTarget.value)}
          required
          w={260}
        />
        <NativeSelect
          {...choice}
          onChange={(event) => choice.onChange(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={make.isPending}>
          {label}
        </Button>
      </form>
      {make.isError && <ProblemNotice error={make.error} />}
    </>
  );
}
