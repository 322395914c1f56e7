import { sql, type Kysely } from 'kysely';

/**
 * Counts changes of what every step of a flow asks for and what seldom changes: hubs keep it in
 * memory and look only whether the count is still the same. A row of `revisions` is changed in the
 * transaction of the change, so nobody sees the one without the other.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of statements) await sql.raw(text).execute(db);
}

const counted = {
  access: ['users', 'project_members'],
  apps: ['apps'],
  collections: ['collections'],
};

const statements = [
  `create table revisions (
    name text primary key,
    revision bigint not null default 0
  ) with (fillfactor = 20)`,
  `insert into revisions (name) values ('access'), ('apps'), ('collections')`,
  `create function count_revision() returns trigger language plpgsql as $$
   begin
     update revisions set revision = revision + 1 where name = tg_argv[0];
     return null;
   end $$`,
  ...Object.entries(counted).flatMap(([name, tables]) =>
    tables.flatMap((table) => [
      `create trigger ${table}_counted after insert or delete on ${table}
        for each row execute function count_revision('${name}')`,
      // Agents say again and again which collections are there already.
      `create trigger ${table}_change_counted after update on ${table} for each row
        ${table === 'collections' ? 'when (old is distinct from new)' : ''}
        execute function count_revision('${name}')`,
    ]),
  ),
];
