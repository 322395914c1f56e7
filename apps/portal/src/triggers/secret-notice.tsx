import { Button, CopyButton } from '@mantine/core';
import { signedCurl, type WebhookScheme } from './signed-curl.ts';
import classes from './triggers.module.css';

/** The secret of a webhook, shown this once, with lines that post a signed delivery. */
export function SecretNotice(props: {
  name: string;
  secret: string;
  signs: WebhookScheme;
  children?: React.ReactNode;
}) {
  const { name, secret, signs } = props;
  const lines = signedCurl(`${window.location.origin}/hooks/${name}`, secret, signs);
  return (
    <div role="status" className={classes.secret}>
      <p>
        The secret of <b>{name}</b>. It is shown this once: keep it where the sender reads it.
      </p>
      <div className="ip-row" style={{ marginBottom: 12 }}>
        <code className="ip-pre">{secret}</code>
        <Copy value={secret} />
      </div>
      <p>
        To try it, in a shell. <Copy value={lines} />
      </p>
      <pre className="ip-pre">{lines}</pre>
      {props.children}
    </div>
  );
}

function Copy(props: { value: string }) {
  return (
    <CopyButton value={props.value}>
      {({ copied, copy }) => (
        <Button variant="default" size="xs" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
      )}
    </CopyButton>
  );
}
