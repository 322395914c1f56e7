import { useState } from 'react';
import { Button, Group, Modal } from '@mantine/core';
import { ProblemNotice } from './problem-notice.tsx';

/** A button whose action asks first: says what will happen, then does it. */
export function ConfirmButton(props: {
  label: string;
  /** What will happen, in a sentence. */
  question: string;
  /** The word on the button that does it. */
  confirm: string;
  onConfirm: () => Promise<unknown>;
  /** It takes nothing away. */
  isHarmless?: boolean;
  size?: 'xs' | 'sm';
}) {
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      await props.onConfirm();
      setOpen(false);
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button variant="default" size={props.size ?? 'sm'} onClick={() => setOpen(true)}>
        {props.label}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={props.label} centered>
        <p style={{ marginTop: 0 }}>{props.question}</p>
        {error !== null && <ProblemNotice error={error} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setOpen(false)}>
            Leave as it is
          </Button>
          <Button
            {...(props.isHarmless === true ? {} : { color: 'red.8' })}
            loading={isBusy}
            onClick={() => void act()}
          >
            {props.confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
