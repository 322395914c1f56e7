import { useEffect } from 'react';
import { Button } from '@mantine/core';
import { useConnection } from '../api/connection.ts';
import classes from '../parts/problem-notice.module.css';

/** A page whose code does not come although the hub answers is not loaded over and over. */
const pauseMilliseconds = 30_000;
const reloadedKey = 'interpulse-reloaded-at';

/** Says that a page could not be loaded, and loads it when the hub answers again. */
export function CodeMissing() {
  const { status } = useConnection();
  useEffect(() => {
    if (status !== 'live') return;
    const reloadedAt = Number(sessionStorage.getItem(reloadedKey) ?? 0);
    if (Date.now() - reloadedAt < pauseMilliseconds) return;
    // First asked for: a reload that finds nobody leaves the browser's own error behind.
    void fetch('/', { cache: 'no-store' }).then(
      (answer) => {
        if (!answer.ok) return;
        sessionStorage.setItem(reloadedKey, String(Date.now()));
        window.location.reload();
      },
      () => undefined,
    );
  }, [status]);
  return (
    <div className={classes.notice} role="alert">
      <p>This page could not be loaded: the hub did not answer. It opens when the hub is back.</p>
      <Button variant="default" size="xs" onClick={() => window.location.reload()}>
        Try again
      </Button>
    </div>
  );
}
