import { Button, CopyButton } from '@mantine/core';

/** A long value in short, and a button that copies the whole. */
export function CopyText(props: { value: string; short: string; label: string }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <span className="ip-mono" title={props.value}>
        {props.short}
      </span>{' '}
      <CopyButton value={props.value}>
        {({ copied, copy }) => (
          <Button
            variant="subtle"
            size="compact-xs"
            aria-label={`Copy ${props.label}`}
            onClick={copy}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </span>
  );
}
