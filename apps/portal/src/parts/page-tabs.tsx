import { Link } from '@tanstack/react-router';
import classes from './page-tabs.module.css';

const lists = {
  jobs: [
    { to: '/jobs', label: 'Jobs' },
    { to: '/ensembles', label: 'Ensembles' },
    { to: '/apps', label: 'Apps' },
  ],
  flowRuns: [
    { to: '/flow-runs', label: 'Flow runs' },
    { to: '/flow-batches', label: 'Batches' },
  ],
} as const;

/** The lists that belong together around jobs, or around flow runs. */
export function PageTabs(props: { of?: keyof typeof lists }) {
  return (
    <nav className={classes.tabs} aria-label="Lists">
      {lists[props.of ?? 'jobs'].map((tab) => (
        <Link
          key={tab.to}
          to={tab.to}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
