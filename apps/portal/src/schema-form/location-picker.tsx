import { useState } from 'react';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconFile, IconFolder } from '@tabler/icons-react';
import { queries } from '../api/queries.ts';
import { formatBytes } from '../format/quantity.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { collectionChoices } from './collection-choices.ts';
import classes from './schema-form.module.css';

/** Entries shown of one folder; a search by name finds the others faster than the eye. */
const shownEntries = 300;

/** Collections and their folders, to choose a file or a folder in. */
export function LocationPicker(props: {
  location: string;
  onChoose: (location: string) => void;
  /** Keeps to one collection. */
  collection?: string;
}) {
  const [given, path] = splitLocation(props.location);
  const [collection, setCollection] = useState(props.collection ?? given);
  const [folder, setFolder] = useState(folderOf(path));
  const collections = useQuery(queries.collections());
  const here = `${collection}:${folder}`;
  const listing = useQuery({ ...queries.folder(here), enabled: collection !== '' });
  const entries = listing.data?.entries ?? [];
  return (
    <div className={classes.picker}>
      {props.collection === undefined && (
        <NativeSelect
          label="Collection"
          value={collection}
          data={collectionChoices(collections.data?.items ?? [])}
          onChange={(event) => {
            setCollection(event.currentTarget.value);
            setFolder('/');
          }}
        />
      )}
      {collection !== '' && (
        <>
          <nav aria-label="Folders above" className={classes.crumbs}>
            {crumbsOf(folder).map((crumb) => (
              <button key={crumb.path} type="button" onClick={() => setFolder(crumb.path)}>
                {crumb.name}
              </button>
            ))}
          </nav>
          {listing.isError && <ProblemNotice error={listing.error} />}
          {listing.isPending && <p className="ip-dim">Asking the site…</p>}
          {listing.data && entries.length === 0 && <p className="ip-dim">Nothing lies here.</p>}
          <ul className={classes.entries}>
            {entries.slice(0, shownEntries).map((entry) => (
              <li key={entry.name}>
                <button
                  type="button"
                  onClick={() =>
                    entry.type === 'folder'
                      ? setFolder(`${folder}${entry.name}/`)
                      : props.onChoose(`${here}${entry.name}`)
                  }
                >
                  {entry.type === 'folder' ? <IconFolder size={16} /> : <IconFile size={16} />}
                  {entry.name}
                </button>
                <span className="ip-dim">
                  {entry.sizeBytes !== null &&
                    entry.type === 'file' &&
                    formatBytes(entry.sizeBytes)}
                </span>
                <span className="ip-dim">
                  {entry.modifiedAt && <TimeText at={entry.modifiedAt} />}
                </span>
              </li>
            ))}
          </ul>
          {entries.length > shownEntries && (
            <p className="ip-dim">And {entries.length - shownEntries} more; write the path.</p>
          )}
          <Button variant="default" onClick={() => props.onChoose(here)}>
            Take this folder
          </Button>
        </>
      )}
    </div>
  );
}

function splitLocation(location: string): [string, string] {
  const colon = location.indexOf(':');
  return colon < 0 ? ['', '/'] : [location.slice(0, colon), location.slice(colon + 1)];
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1) || '/';
}

function crumbsOf(folder: string): { name: string; path: string }[] {
  const names = folder.split('/').filter(Boolean);
  return [
    { name: 'top', path: '/' },
    ...names.map((name, index) => ({ name, path: `/${names.slice(0, index + 1).join('/')}/` })),
  ];
}
