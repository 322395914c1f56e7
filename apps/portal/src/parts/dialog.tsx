import { useEffect, useState } from 'react';
import { Modal, type ModalProps } from '@mantine/core';

/**
 * A dialog that is there while it is open. When it goes, the keyboard is where it was before: at
 * the button that opened it, not at the top of the page.
 */
export function Dialog(props: Omit<ModalProps, 'opened'>) {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
  return <Modal opened returnFocus={false} {...props} />;
}
