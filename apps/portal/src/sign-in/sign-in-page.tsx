import { useState, type SyntheticEvent } from 'react';
import { Button, TextInput, Title } from '@mantine/core';
import classes from './sign-in-page.module.css';

/** How to get in: a link from the command line, or a code typed by hand. */
export function SignInPage(props: {
  /** Why the code in the address was refused; null when there was none. */
  refusal: string | null;
  onCode: (code: string) => Promise<void>;
}) {
  const [code, setCode] = useState('');
  const [error, setError] = useState<string | null>(props.refusal);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await props.onCode(code.trim());
    } catch (caught) {
      setError(caught instanceof Error ? caught.message : String(caught));
      setBusy(false);
    }
  };
  return (
    <main className={classes.page}>
      <Title order={1} size="h2">
        Interpulse
      </Title>
      <p>
        On the computer where you use the command line, run <code>interpulse open</code>. It opens
        this page signed in, or prints a link and a code that work once.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          label="One-time code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={error}
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus
        />
        <Button type="submit" loading={isBusy} disabled={code.trim().length < 8}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
