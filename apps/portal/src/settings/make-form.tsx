import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { ProblemNotice } from '../parts/problem-notice.tsx';

/** A line that makes something new: its fields, a button, and why it could not be made. */
export function MakeForm(props: {
  /** On the button. */
  label: string;
  make: { mutate: () => void; isPending: boolean; isError: boolean; error: unknown };
  children: ReactNode;
}) {
  const { label, make, children } = props;
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
        {children}
        <Button type="submit" variant="default" loading={make.isPending}>
          {label}
        </Button>
      </form>
      {make.isError && <ProblemNotice error={make.error} />}
    </>
  );
}
