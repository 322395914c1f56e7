import { Link } from '@tanstack/react-router';
import classes from './page-tabs.module.css';

const tabs = [
  { to: '/jobs', label: 'Jobs' },
  { to: '/ensembles', label: 'Ensembles' },
  { to: '/apps', label: 'Apps' },
] as const;

/** The lists that belong together around jobs. */
export function PageTabs() {
  return (
    <nav className={classes.tabs} aria-label="Lists">
      {tabs.map((tab) => (
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
