import { Link } from '@tanstack/react-router';
import { PageHeader } from '../parts/page-header.tsx';

/** For an address that leads nowhere. */
export function NotFoundPage() {
  return (
    <>
      <PageHeader title="There is no such page" />
      <p>
        <Link to="/">To the live page</Link>
      </p>
    </>
  );
}
