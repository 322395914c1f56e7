import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { IconSettings } from '@tabler/icons-react';
import { followEvents } from '../api/follow-events.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { OpenQuestionCount } from '../questions/open-question-count.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { PageFault } from './page-fault.tsx';
import { timeZone } from '../format/time-zone.ts';
import classes from './shell.module.css';

const places = [
  { to: '/', label: 'Live', also: ['/instruments'] },
  { to: '/flows', label: 'Flows' },
  { to: '/flow-runs', label: 'Flow runs', also: ['/flow-batches'] },
  { to: '/triggers', label: 'Triggers' },
  { to: '/questions', label: 'Questions' },
  { to: '/jobs', label: 'Jobs', also: ['/ensembles', '/apps'] },
  { to: '/sites', label: 'Sites' },
  { to: '/catalog', label: 'Catalog' },
] as const;

/** Pages that stand beside a place and are reached from it. */
function isWithin(path: string, place: (typeof places)[number]): boolean {
  return 'also' in place && place.also.some((start) => path.startsWith(start));
}

/** The frame of every page: where to go, who one is, and whether the page follows the hub. */
export function Shell() {
  const queryClient = useQueryClient();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { data: me } = useQuery(queries.me());
  // It changes where summer time begins.
  const zone = timeZone(useHubNow(600_000));
  useEffect(() => followEvents(queryClient), [queryClient]);
  return (
    <>
      <a className={classes.skip} href="#page">
        To the content
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.name}>
          Interpulse
        </Link>
        <nav className={classes.places} aria-label="Pages">
          {places.map((place) => (
            <Link
              key={place.to}
              to={place.to}
              activeOptions={{ exact: place.to === '/', includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
              inactiveProps={isWithin(path, place) ? { 'data-within': true } : {}}
            >
              {place.label}
              {place.to === '/questions' && <OpenQuestionCount />}
            </Link>
          ))}
        </nav>
        <span className={classes.zone} title={`Times are those of this browser: ${zone.name}`}>
          {zone.short}
        </span>
        <Link
          to="/settings"
          className={classes.settings}
          aria-label={me === undefined ? 'Settings' : `${me.name}, settings`}
        >
          <IconSettings size={18} stroke={1.6} aria-hidden="true" />
          <span>{me?.name}</span>
        </Link>
      </header>
      <ConnectionNotice />
      <main id="page" className={classes.page} tabIndex={-1}>
        <PageFault key={path}>
          <Outlet />
        </PageFault>
      </main>
    </>
  );
}
