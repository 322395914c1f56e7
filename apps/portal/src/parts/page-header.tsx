import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { Title } from '@mantine/core';
import classes from './page-header.module.css';

/** A page's heading with what stands beside it; also the title of the browser's tab. */
export function PageHeader(props: {
  title: string;
  /** In small print above: where the page belongs. */
  above?: ReactNode;
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} – Interpulse`;
  }, [props.title]);
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        {props.above === undefined ? null : <div className={classes.above}>{props.above}</div>}
        <Title order={1} size="h2">
          {props.title}
        </Title>
      </div>
      <div className={classes.side}>{props.children}</div>
    </header>
  );
}
