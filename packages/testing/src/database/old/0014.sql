-- A database as the hub left it that knew migrations up to 0014: pg_dump of a small facility with work under way.
CREATE FUNCTION public.note_site_loads() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
   begin
     if tg_op = 'INSERT' then
       insert into site_loads as l (site_id, project, app, urgency, state, slot, jobs, cores)
   select site_id, project, app, urgency, state, pg_backend_pid(), sum(jobs), sum(cores) from (select placed_site_id as site_id, project, coalesce(app, '') as app, urgency, state,
     1 as jobs, cores as cores from added where placed_site_id is not null) c
   group by site_id, project, app, urgency, state having sum(jobs) <> 0 or sum(cores) <> 0 order by site_id, project, app, urgency, state
   on conflict (site_id, project, app, urgency, state, slot) do update
     set jobs = l.jobs + excluded.jobs, cores = l.cores + excluded.cores;
     elsif tg_op = 'UPDATE' then
       insert into site_loads as l (site_id, project, app, urgency, state, slot, jobs, cores)
   select site_id, project, app, urgency, state, pg_backend_pid(), sum(jobs), sum(cores) from (select placed_site_id as site_id, project, coalesce(app, '') as app, urgency, state,
     1 as jobs, cores as cores from added where placed_site_id is not null union all select placed_site_id as site_id, project, coalesce(app, '') as app, urgency, state,
     -1 as jobs, -cores as cores from gone where placed_site_id is not null) c
   group by site_id, project, app, urgency, state having sum(jobs) <> 0 or sum(cores) <> 0 order by site_id, project, app, urgency, state
   on conflict (site_id, project, app, urgency, state, slot) do update
     set jobs = l.jobs + excluded.jobs, cores = l.cores + excluded.cores;
     else
       insert into site_loads as l (site_id, project, app, urgency, state, slot, jobs, cores)
   select site_id, project, app, urgency, state, pg_backend_pid(), sum(jobs), sum(cores) from (select placed_site_id as site_id, project, coalesce(app, '') as app, urgency, state,
     -1 as jobs, -cores as cores from gone where placed_site_id is not null) c
   group by site_id, project, app, urgency, state having sum(jobs) <> 0 or sum(cores) <> 0 order by site_id, project, app, urgency, state
   on conflict (site_id, project, app, urgency, state, slot) do update
     set jobs = l.jobs + excluded.jobs, cores = l.cores + excluded.cores;
     end if;
     return null;
   end $$;
CREATE TABLE public.action_runs (
    id text NOT NULL,
    flow_run_id text NOT NULL,
    step integer NOT NULL,
    action text NOT NULL,
    address text NOT NULL,
    state_name text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    request jsonb NOT NULL,
    memory jsonb DEFAULT 'null'::jsonb NOT NULL,
    callback_key text NOT NULL,
    called_back_ms bigint,
    attempt integer DEFAULT 0 NOT NULL,
    faults integer DEFAULT 0 NOT NULL,
    note text,
    last_error text,
    created_at timestamp with time zone NOT NULL,
    deadline_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    nudged boolean DEFAULT false NOT NULL,
    lease text,
    leased_until timestamp with time zone,
    ended_at timestamp with time zone,
    owner_id text,
    project text
);
CREATE TABLE public.app_outputs (
    app text NOT NULL,
    samples integer NOT NULL,
    output_bytes double precision NOT NULL
);
CREATE TABLE public.app_runtimes (
    site_id text NOT NULL,
    app text NOT NULL,
    samples integer NOT NULL,
    run_seconds double precision NOT NULL
);
CREATE TABLE public.apps (
    name text NOT NULL,
    spec json NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.collections (
    name text NOT NULL,
    site_id text NOT NULL,
    title text NOT NULL,
    writable boolean NOT NULL
);
CREATE TABLE public.dataset_files (
    dataset_id text NOT NULL,
    "position" integer NOT NULL,
    location text NOT NULL,
    size_bytes bigint,
    modified_at timestamp with time zone,
    xxh3 text
);
CREATE TABLE public.dataset_sources (
    dataset_id text NOT NULL,
    source_id text NOT NULL
);
CREATE TABLE public.datasets (
    id text NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    project text NOT NULL,
    owner_id text NOT NULL,
    instrument text,
    shot_number bigint,
    flow_run_id text,
    job_id text,
    metadata jsonb NOT NULL,
    keywords text[] DEFAULT '{}'::text[] NOT NULL,
    file_count integer NOT NULL,
    size_bytes bigint NOT NULL,
    preview jsonb,
    source_key text,
    created_at timestamp with time zone NOT NULL,
    search tsvector NOT NULL,
    CONSTRAINT datasets_kind_check CHECK ((kind = ANY (ARRAY['raw'::text, 'result'::text])))
);
CREATE TABLE public.ensembles (
    id text NOT NULL,
    label text NOT NULL,
    project text NOT NULL,
    owner_id text NOT NULL,
    tags jsonb DEFAULT '{}'::jsonb NOT NULL,
    total integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.events (
    id bigint NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    project text,
    flow_run_id text,
    actor text,
    data jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE public.events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.flow_batch_items (
    batch_id text NOT NULL,
    "position" integer NOT NULL,
    input jsonb,
    dataset_id text,
    rerun_of text,
    flow_run_id text,
    fault text
);
CREATE TABLE public.flow_batches (
    id text NOT NULL,
    flow_name text NOT NULL,
    project text NOT NULL,
    owner_id text NOT NULL,
    label text NOT NULL,
    request jsonb NOT NULL,
    total integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    canceled_at timestamp with time zone
);
CREATE TABLE public.flow_branches (
    flow_run_id text NOT NULL,
    parent_step integer NOT NULL,
    item_index integer NOT NULL,
    step integer,
    ancestors integer[] NOT NULL,
    wake_at timestamp with time zone,
    needs_person boolean NOT NULL,
    branch jsonb,
    data jsonb,
    private_paths jsonb NOT NULL,
    size_bytes integer NOT NULL
)
WITH (fillfactor='80');
CREATE TABLE public.flow_log (
    flow_run_id text NOT NULL,
    sequence integer NOT NULL,
    at timestamp with time zone NOT NULL,
    code text NOT NULL,
    description text NOT NULL,
    details jsonb NOT NULL
);
CREATE TABLE public.flow_runs (
    id text NOT NULL,
    flow_name text NOT NULL,
    flow_version integer NOT NULL,
    label text NOT NULL,
    project text NOT NULL,
    owner_id text NOT NULL,
    status text NOT NULL,
    reason text,
    state_name text,
    urgency smallint NOT NULL,
    deadline_at timestamp with time zone,
    instrument text,
    shot_number bigint,
    dataset_id text,
    result_dataset_id text,
    tags jsonb DEFAULT '{}'::jsonb NOT NULL,
    input jsonb NOT NULL,
    run jsonb NOT NULL,
    revision integer DEFAULT 0 NOT NULL,
    wake_at timestamp with time zone,
    steps_done integer DEFAULT 0 NOT NULL,
    steps_total integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    data_revision integer DEFAULT 0 NOT NULL,
    managers text[] DEFAULT '{}'::text[] NOT NULL,
    monitors text[] DEFAULT '{}'::text[] NOT NULL,
    trigger_name text,
    batch_id text,
    rerun_of text,
    rerun_step integer,
    start_state text,
    start_document jsonb,
    readers text[] GENERATED ALWAYS AS (NULLIF((managers || monitors), '{}'::text[])) STORED
)
WITH (fillfactor='70');
CREATE TABLE public.flow_steps (
    flow_run_id text NOT NULL,
    sequence integer NOT NULL,
    state_name text NOT NULL,
    state_type text NOT NULL,
    status text NOT NULL,
    provider text,
    job_id text,
    transfer_id text,
    input jsonb NOT NULL,
    result jsonb DEFAULT 'null'::jsonb NOT NULL,
    reason text,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
)
WITH (fillfactor='80');
CREATE TABLE public.flow_versions (
    flow_name text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    definition jsonb NOT NULL,
    input_schema jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.flows (
    name text NOT NULL,
    id text NOT NULL,
    project text NOT NULL,
    owner_id text NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    archived_at timestamp with time zone,
    administrators text[] DEFAULT '{}'::text[] NOT NULL,
    starters text[] DEFAULT '{}'::text[] NOT NULL,
    viewers text[] DEFAULT '{}'::text[] NOT NULL,
    run_managers text[] DEFAULT '{}'::text[] NOT NULL,
    run_monitors text[] DEFAULT '{}'::text[] NOT NULL,
    service_account text,
    roles jsonb DEFAULT '{}'::jsonb NOT NULL,
    readers text[] GENERATED ALWAYS AS (NULLIF(((administrators || starters) || viewers), '{}'::text[])) STORED,
    run_readers text[] GENERATED ALWAYS AS (NULLIF((run_managers || run_monitors), '{}'::text[])) STORED
);
CREATE TABLE public.idempotency_keys (
    principal_id text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer NOT NULL,
    answer jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.instruments (
    name text NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    site_id text NOT NULL,
    collection text NOT NULL,
    return_to text NOT NULL,
    period_seconds double precision,
    last_shot_number bigint,
    last_shot_at timestamp with time zone,
    next_shot_at timestamp with time zone,
    project text DEFAULT 'facility'::text NOT NULL
);
CREATE TABLE public.interpulse_migration (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);
CREATE TABLE public.interpulse_migration_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);
CREATE TABLE public.job_attempts (
    job_id text NOT NULL,
    number integer NOT NULL,
    site_name text NOT NULL,
    pilot_id text,
    host text,
    pid integer,
    argv jsonb DEFAULT '[]'::jsonb NOT NULL,
    leased_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    outcome text,
    reason text,
    exit_code integer,
    signal text,
    stderr_tail text,
    hosts jsonb DEFAULT '[]'::jsonb NOT NULL,
    unix_user text,
    app_digest text,
    versions jsonb DEFAULT '{}'::jsonb NOT NULL,
    usage jsonb
);
CREATE TABLE public.job_parents (
    job_id text NOT NULL,
    parent_id text NOT NULL
);
CREATE TABLE public.job_previews (
    job_id text NOT NULL,
    location text NOT NULL,
    preview jsonb NOT NULL
);
CREATE TABLE public.job_specs (
    id bigint NOT NULL,
    digest bytea NOT NULL,
    app_version text DEFAULT ''::text NOT NULL,
    code jsonb,
    code_seen jsonb,
    app_sites text[],
    site_wish jsonb NOT NULL,
    output_rules jsonb NOT NULL,
    environment jsonb NOT NULL,
    resources jsonb NOT NULL,
    nodes integer NOT NULL,
    gpus double precision NOT NULL,
    memory_bytes bigint NOT NULL,
    walltime_seconds integer NOT NULL,
    on_error jsonb NOT NULL,
    on_timeout jsonb NOT NULL,
    on_parent_failure text NOT NULL,
    placement text,
    allocation text,
    restartable boolean NOT NULL,
    may_use_hub boolean NOT NULL
);
ALTER TABLE public.job_specs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.job_specs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.jobs (
    id text NOT NULL,
    label text NOT NULL,
    app text,
    command jsonb,
    project text NOT NULL,
    owner_id text NOT NULL,
    flow_run_id text,
    flow_step integer,
    site_id text,
    pilot_id text,
    attempt integer DEFAULT 0 NOT NULL,
    faults integer DEFAULT 0 NOT NULL,
    state text NOT NULL,
    reason text,
    parameters jsonb NOT NULL,
    inputs jsonb NOT NULL,
    staged_inputs jsonb,
    outputs jsonb,
    cores integer NOT NULL,
    urgency smallint NOT NULL,
    deadline_at timestamp with time zone,
    tags jsonb DEFAULT '{}'::jsonb NOT NULL,
    exit_code integer,
    usage jsonb,
    created_at timestamp with time zone NOT NULL,
    placed_at timestamp with time zone,
    ready_at timestamp with time zone,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    state_since_at timestamp with time zone NOT NULL,
    spec_id bigint NOT NULL,
    placement_id bigint,
    ensemble_id text,
    ensemble_place integer,
    created_by_job_id text,
    priority smallint DEFAULT 0 NOT NULL,
    return_to text,
    may_use_hub boolean DEFAULT false NOT NULL,
    not_before_at timestamp with time zone,
    leased_at timestamp with time zone,
    error_retries smallint DEFAULT 0 NOT NULL,
    timeout_retries smallint DEFAULT 0 NOT NULL,
    blamed_job_id text,
    stage smallint GENERATED ALWAYS AS (
CASE
    WHEN (state = 'waiting'::text) THEN 0
    WHEN (state = 'queued'::text) THEN 1
    WHEN (state = ANY (ARRAY['placed'::text, 'stagingIn'::text])) THEN 2
    WHEN ((state = 'ready'::text) AND (pilot_id IS NULL)) THEN 3
    WHEN (state = ANY (ARRAY['ready'::text, 'active'::text])) THEN 4
    WHEN (state = 'stagingOut'::text) THEN 5
    WHEN (state = 'completed'::text) THEN 6
    WHEN (state = 'failed'::text) THEN 7
    ELSE 8
END) STORED,
    placed_site_id text GENERATED ALWAYS AS (
CASE
    WHEN (state = ANY (ARRAY['placed'::text, 'stagingIn'::text, 'ready'::text, 'active'::text, 'stagingOut'::text])) THEN site_id
    ELSE NULL::text
END) STORED,
    moves smallint DEFAULT 0 NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.05', autovacuum_vacuum_threshold='2000');
CREATE TABLE public.link_rates (
    source text NOT NULL,
    destination text NOT NULL,
    samples integer NOT NULL,
    bytes_per_second double precision NOT NULL
);
CREATE TABLE public.maintenance (
    id text NOT NULL,
    site_id text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.one_time_codes (
    code_hash bytea NOT NULL,
    purpose text NOT NULL,
    user_id text,
    site_name text,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT one_time_codes_purpose_check CHECK ((purpose = ANY (ARRAY['signIn'::text, 'enrol'::text])))
);
CREATE TABLE public.pilots (
    id text NOT NULL,
    site_id text NOT NULL,
    state text NOT NULL,
    reason text,
    batch_job_id text,
    host text,
    nodes integer NOT NULL,
    cores integer DEFAULT 0 NOT NULL,
    walltime_seconds integer NOT NULL,
    release_wanted boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    idle_since_at timestamp with time zone,
    ended_at timestamp with time zone,
    pool text DEFAULT 'default'::text NOT NULL,
    urgencies smallint[] DEFAULT '{0,1,2}'::smallint[] NOT NULL,
    account text,
    node_list jsonb DEFAULT '[]'::jsonb NOT NULL,
    node_cores integer DEFAULT 0 NOT NULL,
    node_gpus integer DEFAULT 0 NOT NULL,
    node_memory_bytes bigint DEFAULT 0 NOT NULL,
    preemptions integer DEFAULT 0 NOT NULL,
    submitted_at timestamp with time zone,
    expected_at timestamp with time zone,
    ends_at timestamp with time zone
);
CREATE TABLE public.placement_limits (
    project text NOT NULL,
    site text NOT NULL,
    app text NOT NULL,
    max_jobs integer,
    max_cores integer
);
CREATE TABLE public.placements (
    id bigint NOT NULL,
    considered jsonb NOT NULL
);
CREATE SEQUENCE public.placements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.placements_id_seq OWNED BY public.placements.id;
CREATE TABLE public.pools (
    site_id text NOT NULL,
    name text NOT NULL,
    reason text,
    queue_waits integer DEFAULT 0 NOT NULL,
    queue_wait_seconds double precision
);
CREATE TABLE public.project_members (
    project text NOT NULL,
    user_id text NOT NULL,
    role text NOT NULL,
    CONSTRAINT project_members_role_check CHECK ((role = ANY (ARRAY['reader'::text, 'member'::text, 'manager'::text])))
);
CREATE TABLE public.projects (
    name text NOT NULL,
    title text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.provided_actions (
    id text NOT NULL,
    provider text NOT NULL,
    creator_id text NOT NULL,
    request_id text NOT NULL,
    request_hash bytea NOT NULL,
    label text,
    monitor_by text[],
    manage_by text[],
    release_after text NOT NULL,
    release_seconds double precision NOT NULL,
    released_at timestamp with time zone,
    callback_url text,
    callback_key text,
    callback_attempts integer DEFAULT 0 NOT NULL,
    callback_due_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.run_events (
    instrument text NOT NULL,
    run bigint NOT NULL,
    kind text NOT NULL,
    event_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    parameters jsonb NOT NULL,
    next_shot_at timestamp with time zone
);
CREATE TABLE public.shots (
    instrument text NOT NULL,
    number bigint NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    deadline_at timestamp with time zone,
    dataset_id text,
    flow_run_id text,
    result_dataset_id text,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    results jsonb DEFAULT '[]'::jsonb NOT NULL
);
CREATE TABLE public.site_loads (
    site_id text NOT NULL,
    project text NOT NULL,
    app text NOT NULL,
    urgency smallint NOT NULL,
    state text NOT NULL,
    slot integer NOT NULL,
    jobs integer NOT NULL,
    cores bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000');
CREATE TABLE public.site_samples (
    site_id text NOT NULL,
    at timestamp with time zone NOT NULL,
    cores_busy integer NOT NULL,
    cores_total integer NOT NULL,
    jobs_ready integer NOT NULL,
    jobs_active integer NOT NULL,
    pilots integer NOT NULL
);
CREATE TABLE public.sites (
    id text NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    agent_id text,
    closed boolean DEFAULT false NOT NULL,
    closed_reason text,
    roles text[] DEFAULT '{}'::text[] NOT NULL,
    cores_per_node integer DEFAULT 0 NOT NULL,
    max_nodes integer DEFAULT 0 NOT NULL,
    batch text,
    scratch_collection text,
    allows_commands boolean DEFAULT false NOT NULL,
    channel jsonb,
    version text,
    host text,
    seen_at timestamp with time zone,
    silent boolean DEFAULT true NOT NULL,
    faults integer DEFAULT 0 NOT NULL,
    resting_until timestamp with time zone,
    resting_reason text,
    created_at timestamp with time zone NOT NULL,
    labels text[] DEFAULT '{}'::text[] NOT NULL,
    apps jsonb DEFAULT '{"allow": "templates", "digests": []}'::jsonb NOT NULL,
    launcher text,
    pool_offers jsonb DEFAULT '[]'::jsonb NOT NULL,
    pool_settings jsonb DEFAULT '{}'::jsonb NOT NULL
);
CREATE TABLE public.tokens (
    id text NOT NULL,
    kind text NOT NULL,
    user_id text,
    agent_id text,
    label text NOT NULL,
    secret_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    expires_at timestamp with time zone,
    job_id text,
    project text,
    CONSTRAINT tokens_kind_check CHECK ((kind = ANY (ARRAY['token'::text, 'session'::text, 'agent'::text, 'job'::text])))
);
CREATE TABLE public.transfers (
    id text NOT NULL,
    label text NOT NULL,
    project text NOT NULL,
    owner_id text NOT NULL,
    job_id text,
    flow_run_id text,
    flow_step integer,
    source text NOT NULL,
    destination text NOT NULL,
    items jsonb NOT NULL,
    state text NOT NULL,
    reason text,
    attempt integer DEFAULT 0 NOT NULL,
    secret text NOT NULL,
    not_before_at timestamp with time zone,
    bytes_done bigint DEFAULT 0 NOT NULL,
    bytes_total bigint,
    files_done integer DEFAULT 0 NOT NULL,
    files jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone
);
CREATE TABLE public.trigger_firings (
    trigger_name text NOT NULL,
    key text NOT NULL,
    flow_run_id text,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    summary text NOT NULL,
    reason text,
    repeats integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone,
    document jsonb,
    depth smallint DEFAULT 1 NOT NULL,
    sequence bigint NOT NULL
);
ALTER TABLE public.trigger_firings ALTER COLUMN sequence ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.trigger_firings_sequence_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.triggers (
    name text NOT NULL,
    id text NOT NULL,
    flow_name text NOT NULL,
    input jsonb NOT NULL,
    deadline jsonb NOT NULL,
    urgency smallint NOT NULL,
    project text NOT NULL,
    owner_id text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    source jsonb NOT NULL,
    subject text NOT NULL,
    label text,
    when_true text,
    dedup_key text,
    rate_limit jsonb,
    tags jsonb DEFAULT '{}'::jsonb NOT NULL,
    pause jsonb,
    enabled_at timestamp with time zone NOT NULL,
    next_due_at timestamp with time zone,
    queued_events integer DEFAULT 0 NOT NULL,
    next_start_at timestamp with time zone,
    webhook_secret text,
    old_secret text,
    old_secret_until timestamp with time zone
);
CREATE TABLE public.users (
    id text NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    admin boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    project text,
    CONSTRAINT users_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'serviceAccount'::text])))
);
CREATE TABLE public.web_inputs (
    id text NOT NULL,
    flow_run_id text NOT NULL,
    step integer NOT NULL,
    state_name text NOT NULL,
    project text NOT NULL,
    question jsonb NOT NULL,
    users text[] NOT NULL,
    projects text[] NOT NULL,
    respondents_private boolean NOT NULL,
    status text DEFAULT 'open'::text NOT NULL,
    waiting_steps integer[] DEFAULT '{}'::integer[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_by text,
    response jsonb DEFAULT 'null'::jsonb NOT NULL,
    comment text DEFAULT ''::text NOT NULL
);
ALTER TABLE ONLY public.placements ALTER COLUMN id SET DEFAULT nextval('public.placements_id_seq'::regclass);
INSERT INTO public.apps VALUES
	('analyze', '{"title":"","description":"","version":"","command":["analyze","{file}"],"shell":false,"preamble":[],"pre":[],"post":[],"environment":{},"variants":{},"sites":null,"parameters":{},"inputs":[{"name":"file","required":true,"description":""}],"outputs":[{"name":"result","path":"result.h5","required":true},{"name":"preview","path":"preview.json","required":false}],"resources":{"nodes":1,"ranksPerNode":1,"cores":1,"threadsPerRank":0,"gpus":0,"memoryBytes":0,"walltimeSeconds":60},"onError":{"retries":0,"delaySeconds":0,"backoffRate":2,"resources":{}},"onTimeout":{"retries":0,"delaySeconds":0,"backoffRate":2,"resources":{}},"restartable":false,"mayUseHub":false,"name":"analyze"}', 1, '2026-11-22 00:25:37.015+00');
INSERT INTO public.collections VALUES
	('raw', 'site_01m80a9t12sb8aaa8q4stdpkf6', '', true),
	('results', 'site_01m80a9t12sb8aaa8q4stdpkf6', '', true),
	('centre-scratch', 'site_01m80a9t4172s8xabccp4bntp2', '', true);
INSERT INTO public.dataset_files VALUES
	('dataset_01m80a9tdphj4mt3rddjgb3yz1', 1, 'raw:/shots/shot_7.h5', 1000, '2026-11-21 12:00:00+00', NULL);
INSERT INTO public.datasets VALUES
	('dataset_01m80a9tdphj4mt3rddjgb3yz1', 'shot_7.h5', 'raw', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'tokamak', 7, NULL, NULL, '{"power": 3}', '{}', 1, 1000, NULL, 'raw:/shots/shot_7.h5 1000 2026-11-21T12:00:00.000Z', '2026-11-22 00:25:37.462+00', '''3'':15 ''7'':2A,5A,11B ''h5'':3A,6A,12B ''power'':13 ''raw'':8B ''shot'':1A,4A,10B ''shots'':9B ''tokamak'':7B');
INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(1, '734', '2026-11-22 00:25:37.019+00', 'app.saved', 'app', 'analyze', NULL, NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{"digest": "sha256:b9844e638e86754bc51d17c52d767214412784e8ae1d6ef3a4ea535f979c658f"}'),
	(2, '740', '2026-11-22 00:25:37.124+00', 'site.up', 'site', 'site_01m80a9t12sb8aaa8q4stdpkf6', NULL, NULL, NULL, '{"host": "agent-host", "version": "0.0.0-test", "wasSilent": true}'),
	(3, '743', '2026-11-22 00:25:37.176+00', 'site.up', 'site', 'site_01m80a9t4172s8xabccp4bntp2', NULL, NULL, NULL, '{"host": "agent-host", "version": "0.0.0-test", "wasSilent": true}'),
	(4, '745', '2026-11-22 00:25:37.214+00', 'flow.saved', 'flow', 'answer', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{"version": 1}'),
	(5, '747', '2026-11-22 00:25:37.226+00', 'trigger.saved', 'trigger', 'every-shot', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{}'),
	(6, '752', '2026-11-22 00:25:37.258+00', 'flow.saved', 'flow', 'waits', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{"version": 1}'),
	(7, '754', '2026-11-22 00:25:37.27+00', 'flow.saved', 'flow', 'works', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{"version": 1}'),
	(8, '756', '2026-11-22 00:25:37.284+00', 'flow.saved', 'flow', 'both', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{"version": 1}'),
	(9, '758', '2026-11-22 00:25:37.332+00', 'flow.saved', 'flow', 'each', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{"version": 1}'),
	(10, '760', '2026-11-22 00:25:37.373+00', 'flow.saved', 'flow', 'breaks', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{"version": 1}'),
	(11, '762', '2026-11-22 00:25:37.401+00', 'flowRun.failed', 'flowRun', 'flowrun_01m80a9tbnsc00ftyr9xa9y8pw', 'demo', 'flowrun_01m80a9tbnsc00ftyr9xa9y8pw', NULL, '{"flow": "breaks", "state": null, "status": "FAILED"}'),
	(12, '764', '2026-11-22 00:25:37.44+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9tcxkajyhqs6h357d1q1', 'demo', 'flowrun_01m80a9tcxkajyhqs6h357d1q1', NULL, '{"flow": "waits", "state": "Rest", "status": "ACTIVE"}'),
	(13, '767', '2026-11-22 00:25:37.462+00', 'dataset.registered', 'dataset', 'dataset_01m80a9tdphj4mt3rddjgb3yz1', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{"kind": "raw", "title": "shot_7.h5", "instrument": "tokamak"}'),
	(14, '766', '2026-11-22 00:25:37.464+00', 'pilot.wanted', 'pilot', 'pilot_01m80a9tdrky1vdk8a99c1bmqn', NULL, NULL, NULL, '{"pool": "default", "reason": "nothing waits; 1 pilot more kept warm", "siteId": "site_01m80a9t4172s8xabccp4bntp2"}'),
	(15, '770', '2026-11-22 00:25:37.48+00', 'pilot.running', 'pilot', 'pilot_01m80a9tdrky1vdk8a99c1bmqn', NULL, NULL, NULL, '{"host": "node-1", "pool": "default", "cores": 4, "siteId": "site_01m80a9t4172s8xabccp4bntp2"}'),
	(16, '771', '2026-11-22 00:25:37.501+00', 'flowRun.succeeded', 'flowRun', 'flowrun_01m80a9tcxkajyhqs6h357d1q1', 'demo', 'flowrun_01m80a9tcxkajyhqs6h357d1q1', NULL, '{"flow": "waits", "state": null, "status": "SUCCEEDED"}'),
	(17, '767', '2026-11-22 00:25:37.483+00', 'job.queued', 'job', 'job_01m80a9tf6ddvjhcr9vt5sb0zk', 'demo', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', 'user_01m80a9sby8keazv0a7wzy9408', '{"app": "analyze"}'),
	(18, '767', '2026-11-22 00:25:37.511+00', 'job.placed', 'job', 'job_01m80a9tf6ddvjhcr9vt5sb0zk', 'demo', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', NULL, '{"reason": "earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)", "siteId": "site_01m80a9t4172s8xabccp4bntp2", "staging": true}'),
	(19, '767', '2026-11-22 00:25:37.511+00', 'transfer.queued', 'transfer', 'transfer_01m80a9tfj13ff5yesx4yyj28k', 'demo', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', 'user_01m80a9sby8keazv0a7wzy9408', '{"jobId": "job_01m80a9tf6ddvjhcr9vt5sb0zk", "source": "raw", "destination": "centre-scratch"}'),
	(20, '767', '2026-11-22 00:25:37.511+00', 'transfer.dispatched', 'transfer', 'transfer_01m80a9tfj13ff5yesx4yyj28k', 'demo', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', NULL, '{"jobId": "job_01m80a9tf6ddvjhcr9vt5sb0zk", "attempt": 1}'),
	(21, '767', '2026-11-22 00:25:37.483+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', 'demo', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', NULL, '{"flow": "answer", "state": "Analyze", "status": "ACTIVE"}'),
	(22, '775', '2026-11-22 00:25:37.585+00', 'job.queued', 'job', 'job_01m80a9tjdsh62h9jsc8g2dzd8', 'demo', 'flowrun_01m80a9thc4gzc9h141bnb0emd', 'user_01m80a9sby8keazv0a7wzy9408', '{"app": "analyze"}'),
	(23, '775', '2026-11-22 00:25:37.613+00', 'job.placed', 'job', 'job_01m80a9tjdsh62h9jsc8g2dzd8', 'demo', 'flowrun_01m80a9thc4gzc9h141bnb0emd', NULL, '{"reason": "earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)", "siteId": "site_01m80a9t4172s8xabccp4bntp2", "staging": false}'),
	(24, '775', '2026-11-22 00:25:37.585+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9thc4gzc9h141bnb0emd', 'demo', 'flowrun_01m80a9thc4gzc9h141bnb0emd', NULL, '{"flow": "works", "state": "Work", "status": "ACTIVE"}'),
	(25, '777', '2026-11-22 00:25:37.657+00', 'job.started', 'job', 'job_01m80a9tjdsh62h9jsc8g2dzd8', 'demo', 'flowrun_01m80a9thc4gzc9h141bnb0emd', NULL, '{"host": "node-1", "attempt": 1}'),
	(26, '779', '2026-11-22 00:25:37.689+00', 'job.queued', 'job', 'job_01m80a9tmpatvq683cfc36wec2', 'demo', NULL, 'user_01m80a9sby8keazv0a7wzy9408', '{}'),
	(27, '779', '2026-11-22 00:25:37.69+00', 'job.placed', 'job', 'job_01m80a9tmpatvq683cfc36wec2', 'demo', NULL, NULL, '{"reason": "earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)", "siteId": "site_01m80a9t4172s8xabccp4bntp2", "staging": false}'),
	(28, '781', '2026-11-22 00:25:37.749+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9tpf1qn3aj0zbtxftya9', 'demo', 'flowrun_01m80a9tpf1qn3aj0zbtxftya9', NULL, '{"flow": "each", "state": "Each", "status": "ACTIVE"}'),
	(29, '782', '2026-11-22 00:25:37.782+00', 'job.queued', 'job', 'job_01m80a9tqtp27yknbj18h3nb2b', 'demo', 'flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 'user_01m80a9sby8keazv0a7wzy9408', '{"app": "analyze"}'),
	(30, '784', '2026-11-22 00:25:37.803+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9tpf1qn3aj0zbtxftya9', 'demo', 'flowrun_01m80a9tpf1qn3aj0zbtxftya9', NULL, '{"flow": "each", "state": "Each", "status": "ACTIVE"}'),
	(31, '782', '2026-11-22 00:25:37.786+00', 'job.placed', 'job', 'job_01m80a9tqtp27yknbj18h3nb2b', 'demo', 'flowrun_01m80a9tqkr3xnc14cv0p5t5nf', NULL, '{"reason": "earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)", "siteId": "site_01m80a9t4172s8xabccp4bntp2", "staging": false}'),
	(32, '782', '2026-11-22 00:25:37.782+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 'demo', 'flowrun_01m80a9tqkr3xnc14cv0p5t5nf', NULL, '{"flow": "both", "state": "Both", "status": "ACTIVE"}'),
	(33, '787', '2026-11-22 00:25:37.868+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9ttc43g90exgg42raebe', 'demo', 'flowrun_01m80a9ttc43g90exgg42raebe', NULL, '{"flow": "waits", "state": "Rest", "status": "ACTIVE"}');
INSERT INTO public.flow_branches VALUES
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 1, 1, 3, '{1}', '2026-11-22 00:25:41.803+00', false, '{"path": ["Each", 1], "step": 3, "wait": {"kind": "timer", "dueAt": "2026-11-22T00:25:41.803Z"}, "state": "Rest", "retries": [], "enteredAt": "2026-11-22T00:25:37.803Z"}', '{"seconds": 4}', '[]', 14),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 1, 0, NULL, '{1}', NULL, false, NULL, '{"seconds": 0.05}', '[]', 17),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 1, 0, 2, '{1}', '2026-11-22 00:25:41.782+00', false, '{"path": ["Both", 0], "step": 2, "wait": {"kind": "timer", "dueAt": "2026-11-22T00:25:41.782Z"}, "state": "Rest", "retries": [], "enteredAt": "2026-11-22T00:25:37.782Z"}', '{"seconds": 4}', '[]', 14),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 1, 1, 3, '{1}', '2026-11-22 00:30:37.782+00', false, '{"path": ["Both", 1], "step": 3, "wait": {"kind": "action", "stalled": null, "provider": "interpulse:compute", "timeoutAt": "2026-11-22T00:30:37.782Z", "waitTimeSeconds": 300}, "state": "Work", "retries": [], "enteredAt": "2026-11-22T00:25:37.782Z"}', '{"seconds": 4}', '[]', 14);
INSERT INTO public.flow_log VALUES
	('flowrun_01m80a9tbnsc00ftyr9xa9y8pw', 1, '2026-11-22 00:25:37.401+00', 'FlowStarted', 'The flow run started execution', '{"input": {}}'),
	('flowrun_01m80a9tbnsc00ftyr9xa9y8pw', 2, '2026-11-22 00:25:37.401+00', 'FailStarted', 'State Break of type Fail started', '{"state_name": "Break", "state_type": "Fail"}'),
	('flowrun_01m80a9tbnsc00ftyr9xa9y8pw', 3, '2026-11-22 00:25:37.401+00', 'FailCompleted', 'State Break of type Fail completed', '{"cause": "on purpose", "error": "Broken", "state_name": "Break", "state_type": "Fail"}'),
	('flowrun_01m80a9tbnsc00ftyr9xa9y8pw', 4, '2026-11-22 00:25:37.401+00', 'FlowFailed', 'The flow run failed: on purpose', '{"step": 1, "cause": "on purpose", "error": "Broken", "state": "Break"}'),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 1, '2026-11-22 00:25:37.44+00', 'FlowStarted', 'The flow run started execution', '{"input": {"seconds": 0.05}}'),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 2, '2026-11-22 00:25:37.44+00', 'WaitStarted', 'State Rest of type Wait started', '{"state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 3, '2026-11-22 00:25:37.501+00', 'WaitCompleted', 'State Rest of type Wait completed', '{"state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 4, '2026-11-22 00:25:37.501+00', 'PassStarted', 'State Done of type Pass started', '{"state_name": "Done", "state_type": "Pass"}'),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 5, '2026-11-22 00:25:37.501+00', 'PassCompleted', 'State Done of type Pass completed', '{"output": {"done": true}, "state_name": "Done", "state_type": "Pass", "result_path": "$.done"}'),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 6, '2026-11-22 00:25:37.501+00', 'FlowSucceeded', 'The flow run completed successfully', '{}'),
	('flowrun_01m80a9tdtevbcy51wsp5sj5hz', 1, '2026-11-22 00:25:37.483+00', 'FlowStarted', 'The flow run started execution', '{"input": {"input": {"file": "raw:/shots/shot_7.h5", "shot": 7, "dataset": "dataset_01m80a9tdphj4mt3rddjgb3yz1", "returnTo": "results:/answers/shot_7/"}}}'),
	('flowrun_01m80a9tdtevbcy51wsp5sj5hz', 2, '2026-11-22 00:25:37.483+00', 'ActionStarted', 'State Analyze of type Action started', '{"input": {"app": "analyze", "inputs": {"file": "raw:/shots/shot_7.h5"}}, "state_name": "Analyze", "state_type": "Action"}'),
	('flowrun_01m80a9thc4gzc9h141bnb0emd', 1, '2026-11-22 00:25:37.585+00', 'FlowStarted', 'The flow run started execution', '{"input": {}}'),
	('flowrun_01m80a9thc4gzc9h141bnb0emd', 2, '2026-11-22 00:25:37.585+00', 'ActionStarted', 'State Work of type Action started', '{"input": {"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}, "state_name": "Work", "state_type": "Action"}'),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 1, '2026-11-22 00:25:37.749+00', 'FlowStarted', 'The flow run started execution', '{"input": {"items": [{"seconds": 0.05}, {"seconds": 4}, {"seconds": 0.05}]}}'),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 2, '2026-11-22 00:25:37.749+00', 'MapStarted', 'State Each of type Map started', '{"state_name": "Each", "state_type": "Map"}'),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 3, '2026-11-22 00:25:37.749+00', 'WaitStarted', 'State Each[0]/Rest of type Wait started', '{"path": "Each[0]", "state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 4, '2026-11-22 00:25:37.803+00', 'WaitCompleted', 'State Each[0]/Rest of type Wait completed', '{"path": "Each[0]", "state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 5, '2026-11-22 00:25:37.803+00', 'WaitStarted', 'State Each[1]/Rest of type Wait started', '{"path": "Each[1]", "state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 1, '2026-11-22 00:25:37.782+00', 'FlowStarted', 'The flow run started execution', '{"input": {"seconds": 4}}'),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 2, '2026-11-22 00:25:37.782+00', 'ParallelStarted', 'State Both of type Parallel started', '{"input": {"seconds": 4}, "state_name": "Both", "state_type": "Parallel"}'),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 3, '2026-11-22 00:25:37.782+00', 'WaitStarted', 'State Both[0]/Rest of type Wait started', '{"path": "Both[0]", "state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 4, '2026-11-22 00:25:37.782+00', 'ActionStarted', 'State Both[1]/Work of type Action started', '{"path": "Both[1]", "input": {"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}, "state_name": "Work", "state_type": "Action"}'),
	('flowrun_01m80a9ttc43g90exgg42raebe', 1, '2026-11-22 00:25:37.868+00', 'FlowStarted', 'The flow run started execution', '{"input": {"note": "under way", "seconds": 4}}'),
	('flowrun_01m80a9ttc43g90exgg42raebe', 2, '2026-11-22 00:25:37.868+00', 'WaitStarted', 'State Rest of type Wait started', '{"state_name": "Rest", "state_type": "Wait"}');
INSERT INTO public.flow_runs VALUES
	('flowrun_01m80a9tbnsc00ftyr9xa9y8pw', 'breaks', 1, '', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'FAILED', 'Broken: on purpose', NULL, 1, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{"counts": {"open": 0, "sizeBytes": 0, "waitForPeople": 0}, "status": "FAILED", "visits": {"Break": 1}, "context": {"run_id": "flowrun_01m80a9tbnsc00ftyr9xa9y8pw", "flow_id": "flow_01m80a9ta85sc73vh7jx5zkpyg", "urgency": "normal", "user_id": "user_01m80a9sby8keazv0a7wzy9408", "deadline": null, "expected": {}, "username": "admin"}, "endedAt": "2026-11-22T00:25:37.401Z", "failure": {"step": 1, "cause": "on purpose", "error": "Broken", "state": "Break"}, "branches": [], "canceled": null, "sizeBytes": 2, "startedAt": "2026-11-22T00:25:37.401Z", "privatePaths": [], "stepSequence": 1}', 1, NULL, 0, 0, '2026-11-22 00:25:37.4+00', '2026-11-22 00:25:37.401+00', '{}', 1, '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 'waits', 1, '', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'SUCCEEDED', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, '{}', '{"seconds": 0.05}', '{"counts": {"open": 0, "sizeBytes": 0, "waitForPeople": 0}, "status": "SUCCEEDED", "visits": {"Done": 1, "Rest": 1}, "context": {"run_id": "flowrun_01m80a9tcxkajyhqs6h357d1q1", "flow_id": "flow_01m80a9t789hj4bkw6n310g0bh", "urgency": "normal", "user_id": "user_01m80a9sby8keazv0a7wzy9408", "deadline": null, "expected": {}, "username": "admin"}, "endedAt": "2026-11-22T00:25:37.501Z", "failure": null, "branches": [], "canceled": null, "sizeBytes": 39, "startedAt": "2026-11-22T00:25:37.440Z", "privatePaths": [], "stepSequence": 2}', 2, NULL, 0, 0, '2026-11-22 00:25:37.44+00', '2026-11-22 00:25:37.501+00', '{"done": {"done": true}, "seconds": 0.05}', 2, '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT),
	('flowrun_01m80a9tdtevbcy51wsp5sj5hz', 'answer', 1, 'shot 7', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'ACTIVE', 'Analyze waits for interpulse:compute since 2026-11-22T00:25:37.483Z, at most until 2026-11-22T01:25:37.483Z.', 'Analyze', 0, '2026-11-22 00:26:37.45+00', 'tokamak', 7, 'dataset_01m80a9tdphj4mt3rddjgb3yz1', NULL, '{}', '{"input": {"file": "raw:/shots/shot_7.h5", "shot": 7, "dataset": "dataset_01m80a9tdphj4mt3rddjgb3yz1", "returnTo": "results:/answers/shot_7/"}}', '{"counts": {"open": 1, "sizeBytes": 0, "waitForPeople": 0}, "status": "ACTIVE", "visits": {"Analyze": 1}, "context": {"run_id": "flowrun_01m80a9tdtevbcy51wsp5sj5hz", "flow_id": "flow_01m80a9t5vk31333fhxsy3wxck", "urgency": "urgent", "user_id": "user_01m80a9sby8keazv0a7wzy9408", "deadline": "2026-11-22T00:26:37.450Z", "expected": {}, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "action", "stalled": null, "provider": "interpulse:compute", "timeoutAt": "2026-11-22T01:25:37.483Z", "waitTimeSeconds": 3600}, "state": "Analyze", "retries": [], "enteredAt": "2026-11-22T00:25:37.483Z"}], "canceled": null, "sizeBytes": 137, "startedAt": "2026-11-22T00:25:37.483Z", "privatePaths": [], "stepSequence": 1}', 1, '2026-11-22 01:25:37.483+00', 0, 3, '2026-11-22 00:25:37.483+00', NULL, '{"input": {"file": "raw:/shots/shot_7.h5", "shot": 7, "dataset": "dataset_01m80a9tdphj4mt3rddjgb3yz1", "returnTo": "results:/answers/shot_7/"}}', 1, '{}', '{}', 'every-shot', NULL, NULL, NULL, NULL, NULL, DEFAULT),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 'both', 1, '', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'ACTIVE', 'Both: 0 of 2 branches are done, 2 under way. Both[0]/Rest waits until 2026-11-22T00:25:41.782Z. Both[1]/Work waits for interpulse:compute since 2026-11-22T00:25:37.782Z, at most until 2026-11-22T00:30:37.782Z.', 'Both', 1, NULL, NULL, NULL, NULL, NULL, '{}', '{"seconds": 4}', '{"counts": {"open": 3, "sizeBytes": 28, "waitForPeople": 0}, "status": "ACTIVE", "visits": {"Both": 1, "Rest": 1, "Work": 1}, "context": {"run_id": "flowrun_01m80a9tqkr3xnc14cv0p5t5nf", "flow_id": "flow_01m80a9t80c480gvesgx1t7fj3", "urgency": "normal", "user_id": "user_01m80a9sby8keazv0a7wzy9408", "deadline": null, "expected": {}, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "branches", "ended": 0, "total": 2, "started": 2, "mostAtOnce": 2, "resultBytes": 0}, "state": "Both", "retries": [], "enteredAt": "2026-11-22T00:25:37.782Z"}], "canceled": null, "sizeBytes": 14, "startedAt": "2026-11-22T00:25:37.782Z", "privatePaths": [], "stepSequence": 3}', 1, NULL, 0, 1, '2026-11-22 00:25:37.782+00', NULL, '{"seconds": 4}', 1, '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT),
	('flowrun_01m80a9thc4gzc9h141bnb0emd', 'works', 1, '', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'ACTIVE', 'Work waits for interpulse:compute since 2026-11-22T00:25:37.585Z, at most until 2026-11-22T00:30:37.585Z.', 'Work', 1, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{"counts": {"open": 1, "sizeBytes": 0, "waitForPeople": 0}, "status": "ACTIVE", "visits": {"Work": 1}, "context": {"run_id": "flowrun_01m80a9thc4gzc9h141bnb0emd", "flow_id": "flow_01m80a9t7haea323x9dj62b6sa", "urgency": "normal", "user_id": "user_01m80a9sby8keazv0a7wzy9408", "deadline": null, "expected": {}, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "action", "stalled": null, "provider": "interpulse:compute", "timeoutAt": "2026-11-22T00:30:37.585Z", "waitTimeSeconds": 300}, "state": "Work", "retries": [], "enteredAt": "2026-11-22T00:25:37.585Z"}], "canceled": null, "sizeBytes": 2, "startedAt": "2026-11-22T00:25:37.585Z", "privatePaths": [], "stepSequence": 1}', 1, '2026-11-22 00:30:37.585+00', 0, 1, '2026-11-22 00:25:37.585+00', NULL, '{}', 1, '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 'each', 1, '', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'ACTIVE', 'Each: 1 of 3 branches are done, 1 under way. Each[1]/Rest waits until 2026-11-22T00:25:41.803Z.', 'Each', 1, NULL, NULL, NULL, NULL, NULL, '{}', '{"items": [{"seconds": 0.05}, {"seconds": 4}, {"seconds": 0.05}]}', '{"counts": {"open": 2, "sizeBytes": 31, "waitForPeople": 0}, "status": "ACTIVE", "visits": {"Each": 1, "Rest": 2}, "context": {"run_id": "flowrun_01m80a9tpf1qn3aj0zbtxftya9", "flow_id": "flow_01m80a9t9gtycqeeys02pmqdca", "urgency": "normal", "user_id": "user_01m80a9sby8keazv0a7wzy9408", "deadline": null, "expected": {}, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "branches", "ended": 1, "total": 3, "started": 2, "mostAtOnce": 1, "resultBytes": 17}, "state": "Each", "retries": [], "enteredAt": "2026-11-22T00:25:37.749Z"}], "canceled": null, "sizeBytes": 63, "startedAt": "2026-11-22T00:25:37.749Z", "privatePaths": [], "stepSequence": 3}', 2, NULL, 0, 1, '2026-11-22 00:25:37.749+00', NULL, '{"items": [{"seconds": 0.05}, {"seconds": 4}, {"seconds": 0.05}]}', 1, '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT),
	('flowrun_01m80a9ttc43g90exgg42raebe', 'waits', 1, '', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'ACTIVE', 'Rest waits until 2026-11-22T00:25:41.868Z.', 'Rest', 1, NULL, NULL, NULL, NULL, NULL, '{}', '{"note": "under way", "seconds": 4}', '{"counts": {"open": 1, "sizeBytes": 0, "waitForPeople": 0}, "status": "ACTIVE", "visits": {"Rest": 1}, "context": {"run_id": "flowrun_01m80a9ttc43g90exgg42raebe", "flow_id": "flow_01m80a9t789hj4bkw6n310g0bh", "urgency": "normal", "user_id": "user_01m80a9sby8keazv0a7wzy9408", "deadline": null, "expected": {}, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "timer", "dueAt": "2026-11-22T00:25:41.868Z"}, "state": "Rest", "retries": [], "enteredAt": "2026-11-22T00:25:37.868Z"}], "canceled": null, "sizeBytes": 33, "startedAt": "2026-11-22T00:25:37.868Z", "privatePaths": [], "stepSequence": 1}', 1, '2026-11-22 00:25:41.868+00', 0, 0, '2026-11-22 00:25:37.868+00', NULL, '{"note": "under way", "seconds": 4}', 1, '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, DEFAULT);
INSERT INTO public.flow_steps VALUES
	('flowrun_01m80a9tbnsc00ftyr9xa9y8pw', 1, 'Break', 'Fail', 'succeeded', NULL, NULL, NULL, 'null', 'null', 'on purpose', '2026-11-22 00:25:37.401+00', '2026-11-22 00:25:37.401+00'),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 1, 'Rest', 'Wait', 'succeeded', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:37.44+00', '2026-11-22 00:25:37.501+00'),
	('flowrun_01m80a9tcxkajyhqs6h357d1q1', 2, 'Done', 'Pass', 'succeeded', NULL, NULL, NULL, 'null', '{"done": true}', NULL, '2026-11-22 00:25:37.501+00', '2026-11-22 00:25:37.501+00'),
	('flowrun_01m80a9tdtevbcy51wsp5sj5hz', 1, 'Analyze', 'Action', 'active', 'compute', 'job_01m80a9tf6ddvjhcr9vt5sb0zk', NULL, '{"app": "analyze", "inputs": {"file": "raw:/shots/shot_7.h5"}}', 'null', NULL, '2026-11-22 00:25:37.483+00', NULL),
	('flowrun_01m80a9thc4gzc9h141bnb0emd', 1, 'Work', 'Action', 'active', 'compute', 'job_01m80a9tjdsh62h9jsc8g2dzd8', NULL, '{"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}', 'null', NULL, '2026-11-22 00:25:37.585+00', NULL),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 1, 'Each', 'Map', 'active', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:37.749+00', NULL),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 2, 'Each[0]/Rest', 'Wait', 'succeeded', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:37.749+00', '2026-11-22 00:25:37.803+00'),
	('flowrun_01m80a9tpf1qn3aj0zbtxftya9', 3, 'Each[1]/Rest', 'Wait', 'active', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:37.803+00', NULL),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 1, 'Both', 'Parallel', 'active', NULL, NULL, NULL, '{"seconds": 4}', 'null', NULL, '2026-11-22 00:25:37.782+00', NULL),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 2, 'Both[0]/Rest', 'Wait', 'active', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:37.782+00', NULL),
	('flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 3, 'Both[1]/Work', 'Action', 'active', 'compute', 'job_01m80a9tqtp27yknbj18h3nb2b', NULL, '{"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}', 'null', NULL, '2026-11-22 00:25:37.782+00', NULL),
	('flowrun_01m80a9ttc43g90exgg42raebe', 1, 'Rest', 'Wait', 'active', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:37.868+00', NULL);
INSERT INTO public.flow_versions VALUES
	('answer', 1, '', '', '{"States": {"Return": {"End": true, "Type": "Action", "WaitTime": 3600, "ActionUrl": "interpulse:transfer", "Parameters": {"items": [{"source.$": "$.Analyze.details.outputs[0].location", "destination.=": "input.returnTo + ''result.h5''"}]}, "ResultPath": "$.Return"}, "Analyze": {"Next": "Publish", "Type": "Action", "WaitTime": 3600, "ActionUrl": "interpulse:compute", "Parameters": {"app": "analyze", "inputs": {"file.$": "$.input.file"}}, "ResultPath": "$.Analyze", "ExceptionOnActionFailure": true}, "Publish": {"Next": "Return", "Type": "Action", "WaitTime": 600, "ActionUrl": "interpulse:ingest", "Parameters": {"kind": "result", "files.=": "[Analyze.details.outputs[0].location]", "title.=": "''result of '' + input.file", "preview.=": "Analyze.details.outputs[1].location"}, "ResultPath": "$.Publish"}}, "StartAt": "Analyze"}', '{}', '2026-11-22 00:25:37.211+00'),
	('waits', 1, '', '', '{"States": {"Done": {"End": true, "Type": "Pass", "Result": {"done": true}, "ResultPath": "$.done"}, "Rest": {"Next": "Done", "Type": "Wait", "SecondsPath": "$.seconds"}}, "StartAt": "Rest"}', '{}', '2026-11-22 00:25:37.256+00'),
	('works', 1, '', '', '{"States": {"Work": {"End": true, "Type": "Action", "ActionUrl": "interpulse:compute", "Parameters": {"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}, "ResultPath": "$.work"}}, "StartAt": "Work"}', '{}', '2026-11-22 00:25:37.265+00'),
	('both', 1, '', '', '{"States": {"Both": {"End": true, "Type": "Parallel", "Branches": [{"States": {"Rest": {"End": true, "Type": "Wait", "SecondsPath": "$.seconds"}}, "StartAt": "Rest"}, {"States": {"Work": {"End": true, "Type": "Action", "ActionUrl": "interpulse:compute", "Parameters": {"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}, "ResultPath": "$.work"}}, "StartAt": "Work"}], "ResultPath": "$.both"}}, "StartAt": "Both"}', '{}', '2026-11-22 00:25:37.28+00'),
	('each', 1, '', '', '{"States": {"Each": {"End": true, "Type": "Map", "ItemsPath": "$.items", "ResultPath": "$.each", "ItemProcessor": {"States": {"Rest": {"End": true, "Type": "Wait", "SecondsPath": "$.seconds"}}, "StartAt": "Rest"}, "MaxConcurrency": 1}}, "StartAt": "Each"}', '{}', '2026-11-22 00:25:37.328+00'),
	('breaks', 1, '', '', '{"States": {"Break": {"Type": "Fail", "Cause": "on purpose", "Error": "Broken"}}, "StartAt": "Break"}', '{}', '2026-11-22 00:25:37.352+00');
INSERT INTO public.flows VALUES
	('answer', 'flow_01m80a9t5vk31333fhxsy3wxck', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 1, '2026-11-22 00:25:37.211+00', '2026-11-22 00:25:37.211+00', NULL, '{}', '{}', '{}', '{}', '{}', NULL, '{}', DEFAULT, DEFAULT),
	('waits', 'flow_01m80a9t789hj4bkw6n310g0bh', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 1, '2026-11-22 00:25:37.256+00', '2026-11-22 00:25:37.256+00', NULL, '{}', '{}', '{}', '{}', '{}', NULL, '{}', DEFAULT, DEFAULT),
	('works', 'flow_01m80a9t7haea323x9dj62b6sa', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 1, '2026-11-22 00:25:37.265+00', '2026-11-22 00:25:37.265+00', NULL, '{}', '{}', '{}', '{}', '{}', NULL, '{}', DEFAULT, DEFAULT),
	('both', 'flow_01m80a9t80c480gvesgx1t7fj3', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 1, '2026-11-22 00:25:37.28+00', '2026-11-22 00:25:37.28+00', NULL, '{}', '{}', '{}', '{}', '{}', NULL, '{}', DEFAULT, DEFAULT),
	('each', 'flow_01m80a9t9gtycqeeys02pmqdca', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 1, '2026-11-22 00:25:37.328+00', '2026-11-22 00:25:37.328+00', NULL, '{}', '{}', '{}', '{}', '{}', NULL, '{}', DEFAULT, DEFAULT),
	('breaks', 'flow_01m80a9ta85sc73vh7jx5zkpyg', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 1, '2026-11-22 00:25:37.352+00', '2026-11-22 00:25:37.352+00', NULL, '{}', '{}', '{}', '{}', '{}', NULL, '{}', DEFAULT, DEFAULT);
INSERT INTO public.instruments VALUES
	('tokamak', 'instrument_01m80a9t34170mzyrdj151prdv', '', 'site_01m80a9t12sb8aaa8q4stdpkf6', 'raw', 'results:/answers/', 60, NULL, NULL, NULL, 'demo');
INSERT INTO public.interpulse_migration VALUES
	('0001-events', '2026-11-22T00:25:36.133Z'),
	('0002-main-job', '2026-11-22T00:25:36.164Z'),
	('0003-flows-and-catalog', '2026-11-22T00:25:36.187Z'),
	('0004-compute', '2026-11-22T00:25:36.202Z'),
	('0005-job-storage', '2026-11-22T00:25:36.222Z'),
	('0006-site-loads', '2026-11-22T00:25:36.229Z'),
	('0007-app-text', '2026-11-22T00:25:36.231Z'),
	('0008-moved-jobs', '2026-11-22T00:25:36.232Z'),
	('0009-flow-branches', '2026-11-22T00:25:36.237Z'),
	('0010-action-runs', '2026-11-22T00:25:36.242Z'),
	('0011-web-inputs', '2026-11-22T00:25:36.245Z'),
	('0012-triggers', '2026-11-22T00:25:36.254Z'),
	('0013-run-table', '2026-11-22T00:25:36.258Z'),
	('0014-flow-people', '2026-11-22T00:25:36.276Z');
INSERT INTO public.interpulse_migration_lock VALUES
	('migration_lock', 0);
INSERT INTO public.job_attempts VALUES
	('job_01m80a9tjdsh62h9jsc8g2dzd8', 1, 'centre', 'pilot_01m80a9tdrky1vdk8a99c1bmqn', 'node-1', 4711, '["program"]', '2026-11-22 00:25:37.622+00', '2026-11-22 00:25:37.657+00', NULL, NULL, NULL, NULL, NULL, NULL, '["node-1"]', 'operator', NULL, '{"interpulse": "0.0.0-test"}', NULL);
INSERT INTO public.job_specs OVERRIDING SYSTEM VALUE VALUES
	(1, '\xdd2460d5a1f867fd948b410daf729917f4b0e13a5a0e748458721275c961dfe3', '', '{"*": {"pre": [], "post": [], "shell": false, "command": ["analyze", "{file}"], "preamble": [], "environment": {}}}', '{"*": {"digest": "sha256:b9844e638e86754bc51d17c52d767214412784e8ae1d6ef3a4ea535f979c658f", "shellText": false}}', NULL, '"any"', '[{"name": "result", "path": "result.h5", "required": true}, {"name": "preview", "path": "preview.json", "required": false}]', '{}', '{"gpus": 0, "cores": 1, "nodes": 1, "memoryBytes": 0, "ranksPerNode": 1, "threadsPerRank": 0, "walltimeSeconds": 60}', 1, 0, 0, 60, '{"retries": 0, "resources": {}, "backoffRate": 2, "delaySeconds": 0}', '{"retries": 0, "resources": {}, "backoffRate": 2, "delaySeconds": 0}', 'fail', NULL, NULL, false, false),
	(2, '\xc088aca8b79fddd8e5f47d00be6de98093524bbe4e7b68da9c77afe377f8212e', '', NULL, NULL, NULL, '"any"', '[]', '{}', '{"gpus": 0, "cores": 1, "nodes": 1, "memoryBytes": 0, "ranksPerNode": 1, "threadsPerRank": 0, "walltimeSeconds": 3600}', 1, 0, 0, 3600, '{"retries": 0, "resources": {}, "backoffRate": 2, "delaySeconds": 0}', '{"retries": 0, "resources": {}, "backoffRate": 2, "delaySeconds": 0}', 'fail', NULL, NULL, false, false);
INSERT INTO public.jobs VALUES
	('job_01m80a9tf6ddvjhcr9vt5sb0zk', 'Analyze of shot 7', 'analyze', NULL, 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', 1, 'site_01m80a9t4172s8xabccp4bntp2', NULL, 0, 0, 'stagingIn', 'earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)', '{}', '{"file": "raw:/shots/shot_7.h5"}', '{"file": "centre-scratch:/jobs/job_01m80a9tf6ddvjhcr9vt5sb0zk/in/file/shot_7.h5"}', NULL, 1, 0, '2026-11-22 00:26:37.45+00', '{}', NULL, NULL, '2026-11-22 00:25:37.483+00', '2026-11-22 00:25:37.511+00', NULL, NULL, NULL, '2026-11-22 00:25:37.511+00', 1, 1, NULL, NULL, NULL, 0, NULL, false, NULL, NULL, 0, 0, NULL, DEFAULT, DEFAULT, 0),
	('job_01m80a9tjdsh62h9jsc8g2dzd8', 'Work of works', 'analyze', NULL, 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'flowrun_01m80a9thc4gzc9h141bnb0emd', 1, 'site_01m80a9t4172s8xabccp4bntp2', 'pilot_01m80a9tdrky1vdk8a99c1bmqn', 1, 0, 'active', NULL, '{}', '{"file": "centre-scratch:/a.h5"}', NULL, NULL, 1, 1, NULL, '{}', NULL, NULL, '2026-11-22 00:25:37.585+00', '2026-11-22 00:25:37.613+00', '2026-11-22 00:25:37.613+00', '2026-11-22 00:25:37.657+00', NULL, '2026-11-22 00:25:37.657+00', 1, 2, NULL, NULL, NULL, 0, NULL, false, NULL, '2026-11-22 00:25:37.622+00', 0, 0, NULL, DEFAULT, DEFAULT, 0),
	('job_01m80a9tmpatvq683cfc36wec2', '', NULL, '["true"]', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', NULL, NULL, 'site_01m80a9t4172s8xabccp4bntp2', 'pilot_01m80a9tdrky1vdk8a99c1bmqn', 1, 0, 'ready', 'earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)', '{}', '{}', NULL, NULL, 1, 1, NULL, '{}', NULL, NULL, '2026-11-22 00:25:37.689+00', '2026-11-22 00:25:37.69+00', '2026-11-22 00:25:37.69+00', NULL, NULL, '2026-11-22 00:25:37.69+00', 2, 3, NULL, NULL, NULL, 0, NULL, false, NULL, '2026-11-22 00:25:37.717+00', 0, 0, NULL, DEFAULT, DEFAULT, 0),
	('job_01m80a9tqtp27yknbj18h3nb2b', 'Work of both', 'analyze', NULL, 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'flowrun_01m80a9tqkr3xnc14cv0p5t5nf', 3, 'site_01m80a9t4172s8xabccp4bntp2', 'pilot_01m80a9tdrky1vdk8a99c1bmqn', 1, 0, 'ready', 'earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)', '{}', '{"file": "centre-scratch:/a.h5"}', NULL, NULL, 1, 1, NULL, '{}', NULL, NULL, '2026-11-22 00:25:37.782+00', '2026-11-22 00:25:37.786+00', '2026-11-22 00:25:37.786+00', NULL, NULL, '2026-11-22 00:25:37.786+00', 1, 4, NULL, NULL, NULL, 0, NULL, false, NULL, '2026-11-22 00:25:37.848+00', 0, 0, NULL, DEFAULT, DEFAULT, 0);
INSERT INTO public.pilots VALUES
	('pilot_01m80a9tdrky1vdk8a99c1bmqn', 'site_01m80a9t4172s8xabccp4bntp2', 'running', NULL, 'batch bmqn', 'node-1', 1, 4, 28800, false, '2026-11-22 00:25:37.464+00', '2026-11-22 00:25:37.48+00', '2026-11-22 00:25:37.48+00', NULL, 'default', '{0,1,2}', NULL, '[{"gpus": 0, "host": "node-1", "cores": 4, "memoryBytes": 0}]', 4, 0, 0, 0, NULL, NULL, '2026-11-22 10:25:37.48+00');
INSERT INTO public.placements VALUES
	(1, '[{"refusal": "has no compute role", "estimate": null, "siteName": "beamline"}, {"refusal": null, "estimate": {"inTime": true, "finishAt": "2026-11-22T00:25:47.511Z", "runSeconds": 10, "waitSeconds": 0, "returnSeconds": 0, "transferSeconds": 0.00002}, "siteName": "centre"}]'),
	(2, '[{"refusal": "has no compute role", "estimate": null, "siteName": "beamline"}, {"refusal": null, "estimate": {"inTime": true, "finishAt": "2026-11-22T00:25:47.613Z", "runSeconds": 10, "waitSeconds": 0, "returnSeconds": 0, "transferSeconds": 0}, "siteName": "centre"}]'),
	(3, '[{"refusal": "has no compute role", "estimate": null, "siteName": "beamline"}, {"refusal": null, "estimate": {"inTime": true, "finishAt": "2026-11-22T00:25:47.690Z", "runSeconds": 10, "waitSeconds": 0, "returnSeconds": 0, "transferSeconds": 0}, "siteName": "centre"}]'),
	(4, '[{"refusal": "has no compute role", "estimate": null, "siteName": "beamline"}, {"refusal": null, "estimate": {"inTime": true, "finishAt": "2026-11-22T00:25:47.786Z", "runSeconds": 10, "waitSeconds": 0, "returnSeconds": 0, "transferSeconds": 0}, "siteName": "centre"}]');
INSERT INTO public.pools VALUES
	('site_01m80a9t4172s8xabccp4bntp2', 'default', 'nothing waits; 1 pilot more kept warm', 1, 0.016);
INSERT INTO public.project_members VALUES
	('demo', 'user_01m80a9sby8keazv0a7wzy9408', 'manager'),
	('demo', 'user_01m80a9t6j0arytx3mz3nyxsbr', 'member');
INSERT INTO public.projects VALUES
	('demo', 'demo', '2026-11-22 00:25:36.375+00');
INSERT INTO public.shots VALUES
	('tokamak', 7, '2026-11-22 00:25:37.45+00', '2026-11-22 00:25:37.45+00', NULL, 'dataset_01m80a9tdphj4mt3rddjgb3yz1', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', NULL, NULL, NULL, '{}', '[]');
INSERT INTO public.site_loads VALUES
	('site_01m80a9t4172s8xabccp4bntp2', 'demo', 'analyze', 0, 'stagingIn', 5531, 1, 1),
	('site_01m80a9t4172s8xabccp4bntp2', 'demo', 'analyze', 1, 'active', 5531, 1, 1),
	('site_01m80a9t4172s8xabccp4bntp2', 'demo', 'analyze', 1, 'ready', 5531, 0, 0),
	('site_01m80a9t4172s8xabccp4bntp2', 'demo', '', 1, 'ready', 5531, 1, 1),
	('site_01m80a9t4172s8xabccp4bntp2', 'demo', 'analyze', 1, 'ready', 5529, 1, 1);
INSERT INTO public.sites VALUES
	('site_01m80a9t12sb8aaa8q4stdpkf6', 'beamline', '', 'agent_01m80a9t118xw8gbqhnszp7pcd', false, NULL, '{storage,instrument}', 0, 0, NULL, NULL, false, '{"host": "127.0.0.1", "port": 9, "fingerprint": null}', '0.0.0-test', 'agent-host', '2026-11-22 00:25:37.124+00', false, 0, NULL, NULL, '2026-11-22 00:25:37.057+00', '{}', '{"allow": "templates", "digests": []}', NULL, '[]', '{}'),
	('site_01m80a9t4172s8xabccp4bntp2', 'centre', '', 'agent_01m80a9t3970dvxvwrbjcn359e', false, NULL, '{compute,storage}', 4, 1, 'local', 'centre-scratch', true, NULL, '0.0.0-test', 'agent-host', '2026-11-22 00:25:37.176+00', false, 0, NULL, NULL, '2026-11-22 00:25:37.129+00', '{}', '{"allow": "templates", "digests": []}', NULL, '[{"name": "default", "queue": null, "account": null, "settings": {"paused": false, "minWarm": 1, "maxPilots": 1, "idleSeconds": 300, "nodesPerPilot": 1, "walltimeSeconds": 28800}, "urgencies": ["urgent", "normal", "backfill"], "gpusPerNode": 0, "preemptable": false, "coresPerNode": 4, "memoryBytesPerNode": 0}]', '{}');
INSERT INTO public.tokens VALUES
	('token_01m80a9sc1623qmh2f3x3hmgpv', 'token', 'user_01m80a9sby8keazv0a7wzy9408', NULL, 'local administrator', '\x51bc24cb490e6fc9bf7cd2923bb073c6ae15282d8c514d4a732c7ea0d34ee919', '2026-11-22 00:25:36.385+00', '2026-11-22 00:25:36.971+00', NULL, NULL, NULL),
	('token_01m80a9t13ezq7fa9hbvgecpks', 'agent', NULL, 'agent_01m80a9t118xw8gbqhnszp7pcd', 'beamline', '\xd79e6b1ccded794352475caad10b6d5cd02170e3fde9e4642d704167a82d85aa', '2026-11-22 00:25:37.057+00', NULL, NULL, NULL, NULL),
	('token_01m80a9t443jhgmq4nqy44j21j', 'agent', NULL, 'agent_01m80a9t3970dvxvwrbjcn359e', 'centre', '\xf3fb7c70e46b488c8c0ec686370a5ae6e9a6ba19f81a9b6d3d50374242096f3a', '2026-11-22 00:25:37.129+00', NULL, NULL, NULL, NULL),
	('token_01m80a9t6z2t2dybwc74bvmjvq', 'token', 'user_01m80a9t6j0arytx3mz3nyxsbr', NULL, '', '\xfb9e6fd27d6c471b6430ff5cdd3fd0fce68f557590d6af4e450df82dfd027e6d', '2026-11-22 00:25:37.247+00', NULL, NULL, NULL, NULL);
INSERT INTO public.transfers VALUES
	('transfer_01m80a9tfj13ff5yesx4yyj28k', 'inputs of job_01m80a9tf6ddvjhcr9vt5sb0zk', 'demo', 'user_01m80a9sby8keazv0a7wzy9408', 'job_01m80a9tf6ddvjhcr9vt5sb0zk', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', NULL, 'raw', 'centre-scratch', '[{"source": "raw:/shots/shot_7.h5", "recursive": false, "destination": "centre-scratch:/jobs/job_01m80a9tf6ddvjhcr9vt5sb0zk/in/file/shot_7.h5"}]', 'active', NULL, 1, 'ticket_vctz0JIYcldZsJONbkAJhD4cWIRuiVPtC6a8Rc0wksg', NULL, 0, NULL, 0, '[]', '2026-11-22 00:25:37.511+00', '2026-11-22 00:25:37.511+00', NULL);
INSERT INTO public.trigger_firings OVERRIDING SYSTEM VALUE VALUES
	('every-shot', 'dataset_01m80a9tdphj4mt3rddjgb3yz1', 'flowrun_01m80a9tdtevbcy51wsp5sj5hz', '2026-11-22 00:25:37.466+00', 'fired', '/shots/shot_7.h5', NULL, 0, '2026-11-22 00:25:37.466+00', NULL, 1, 1);
INSERT INTO public.triggers VALUES
	('every-shot', 'trigger_01m80a9t69tr38g408ptvd9gnf', 'answer', '{}', '"nextShot"', 0, 'demo', 'user_01m80a9sby8keazv0a7wzy9408', '2026-11-22 00:25:37.225+00', '{"kind": "file", "pattern": "/shots/*.h5", "instrument": "tokamak"}', 'file tokamak', NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-22 00:25:37.225+00', NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO public.users VALUES
	('user_01m80a9sby8keazv0a7wzy9408', 'admin', 'Administrator', 'user', true, '2026-11-22 00:25:36.375+00', NULL),
	('user_01m80a9t6j0arytx3mz3nyxsbr', 'ada', '', 'user', false, '2026-11-22 00:25:37.234+00', NULL);
SELECT pg_catalog.setval('public.events_id_seq', 33, true);
SELECT pg_catalog.setval('public.job_specs_id_seq', 2, true);
SELECT pg_catalog.setval('public.placements_id_seq', 4, true);
SELECT pg_catalog.setval('public.trigger_firings_sequence_seq', 1, true);
ALTER TABLE ONLY public.action_runs
    ADD CONSTRAINT action_runs_flow_run_id_step_key UNIQUE (flow_run_id, step);
ALTER TABLE ONLY public.action_runs
    ADD CONSTRAINT action_runs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.app_outputs
    ADD CONSTRAINT app_outputs_pkey PRIMARY KEY (app);
ALTER TABLE ONLY public.app_runtimes
    ADD CONSTRAINT app_runtimes_pkey PRIMARY KEY (site_id, app);
ALTER TABLE ONLY public.apps
    ADD CONSTRAINT apps_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.collections
    ADD CONSTRAINT collections_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.dataset_files
    ADD CONSTRAINT dataset_files_pkey PRIMARY KEY (dataset_id, "position");
ALTER TABLE ONLY public.dataset_sources
    ADD CONSTRAINT dataset_sources_pkey PRIMARY KEY (dataset_id, source_id);
ALTER TABLE ONLY public.datasets
    ADD CONSTRAINT datasets_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.datasets
    ADD CONSTRAINT datasets_source_key_key UNIQUE (source_key);
ALTER TABLE ONLY public.ensembles
    ADD CONSTRAINT ensembles_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.flow_batch_items
    ADD CONSTRAINT flow_batch_items_pkey PRIMARY KEY (batch_id, "position");
ALTER TABLE ONLY public.flow_batches
    ADD CONSTRAINT flow_batches_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.flow_branches
    ADD CONSTRAINT flow_branches_pkey PRIMARY KEY (flow_run_id, parent_step, item_index);
ALTER TABLE ONLY public.flow_log
    ADD CONSTRAINT flow_log_pkey PRIMARY KEY (flow_run_id, sequence);
ALTER TABLE ONLY public.flow_runs
    ADD CONSTRAINT flow_runs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.flow_steps
    ADD CONSTRAINT flow_steps_pkey PRIMARY KEY (flow_run_id, sequence);
ALTER TABLE ONLY public.flow_versions
    ADD CONSTRAINT flow_versions_pkey PRIMARY KEY (flow_name, version);
ALTER TABLE ONLY public.flows
    ADD CONSTRAINT flows_id_key UNIQUE (id);
ALTER TABLE ONLY public.flows
    ADD CONSTRAINT flows_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (principal_id, key);
ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT instruments_id_key UNIQUE (id);
ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT instruments_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.interpulse_migration_lock
    ADD CONSTRAINT interpulse_migration_lock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.interpulse_migration
    ADD CONSTRAINT interpulse_migration_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.job_attempts
    ADD CONSTRAINT job_attempts_pkey PRIMARY KEY (job_id, number);
ALTER TABLE ONLY public.job_parents
    ADD CONSTRAINT job_parents_pkey PRIMARY KEY (job_id, parent_id);
ALTER TABLE ONLY public.job_previews
    ADD CONSTRAINT job_previews_pkey PRIMARY KEY (job_id);
ALTER TABLE ONLY public.job_specs
    ADD CONSTRAINT job_specs_digest_key UNIQUE (digest);
ALTER TABLE ONLY public.job_specs
    ADD CONSTRAINT job_specs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.link_rates
    ADD CONSTRAINT link_rates_pkey PRIMARY KEY (source, destination);
ALTER TABLE ONLY public.maintenance
    ADD CONSTRAINT maintenance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.one_time_codes
    ADD CONSTRAINT one_time_codes_pkey PRIMARY KEY (code_hash);
ALTER TABLE ONLY public.pilots
    ADD CONSTRAINT pilots_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.placement_limits
    ADD CONSTRAINT placement_limits_pkey PRIMARY KEY (project, site, app);
ALTER TABLE ONLY public.placements
    ADD CONSTRAINT placements_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.pools
    ADD CONSTRAINT pools_pkey PRIMARY KEY (site_id, name);
ALTER TABLE ONLY public.project_members
    ADD CONSTRAINT project_members_pkey PRIMARY KEY (project, user_id);
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.provided_actions
    ADD CONSTRAINT provided_actions_creator_id_provider_request_id_key UNIQUE (creator_id, provider, request_id);
ALTER TABLE ONLY public.provided_actions
    ADD CONSTRAINT provided_actions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.run_events
    ADD CONSTRAINT run_events_pkey PRIMARY KEY (instrument, run, kind, event_id);
ALTER TABLE ONLY public.shots
    ADD CONSTRAINT shots_pkey PRIMARY KEY (instrument, number);
ALTER TABLE ONLY public.site_loads
    ADD CONSTRAINT site_loads_pkey PRIMARY KEY (site_id, project, app, urgency, state, slot);
ALTER TABLE ONLY public.site_samples
    ADD CONSTRAINT site_samples_pkey PRIMARY KEY (site_id, at);
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_agent_id_key UNIQUE (agent_id);
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_name_key UNIQUE (name);
ALTER TABLE ONLY public.sites
    ADD CONSTRAINT sites_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_secret_hash_key UNIQUE (secret_hash);
ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.trigger_firings
    ADD CONSTRAINT trigger_firings_pkey PRIMARY KEY (trigger_name, key);
ALTER TABLE ONLY public.triggers
    ADD CONSTRAINT triggers_id_key UNIQUE (id);
ALTER TABLE ONLY public.triggers
    ADD CONSTRAINT triggers_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_name_key UNIQUE (name);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.web_inputs
    ADD CONSTRAINT web_inputs_flow_run_id_step_key UNIQUE (flow_run_id, step);
ALTER TABLE ONLY public.web_inputs
    ADD CONSTRAINT web_inputs_pkey PRIMARY KEY (id);
CREATE INDEX action_runs_due ON public.action_runs USING btree (COALESCE(leased_until, due_at)) WHERE (due_at IS NOT NULL);
CREATE INDEX collections_by_site ON public.collections USING btree (site_id);
CREATE INDEX dataset_files_by_location ON public.dataset_files USING btree (location);
CREATE INDEX dataset_sources_by_source ON public.dataset_sources USING btree (source_id);
CREATE INDEX datasets_by_flow_run ON public.datasets USING btree (flow_run_id) WHERE (flow_run_id IS NOT NULL);
CREATE INDEX datasets_by_instrument ON public.datasets USING btree (instrument, id) WHERE (instrument IS NOT NULL);
CREATE INDEX datasets_by_project ON public.datasets USING btree (project, id);
CREATE INDEX datasets_search ON public.datasets USING gin (search);
CREATE INDEX ensembles_by_owner ON public.ensembles USING btree (owner_id, id);
CREATE INDEX ensembles_by_project ON public.ensembles USING btree (project, id);
CREATE INDEX events_at ON public.events USING brin (at);
CREATE INDEX events_flow_run ON public.events USING btree (flow_run_id, id) WHERE (flow_run_id IS NOT NULL);
CREATE INDEX events_project ON public.events USING btree (project, xid, id) WHERE (project IS NOT NULL);
CREATE INDEX events_subject ON public.events USING btree (subject_type, subject_id, id);
CREATE INDEX events_tail ON public.events USING btree (xid, id);
CREATE INDEX flow_batch_items_to_start ON public.flow_batch_items USING btree (batch_id, "position") WHERE ((flow_run_id IS NULL) AND (fault IS NULL));
CREATE INDEX flow_batches_by_project ON public.flow_batches USING btree (project, id);
CREATE INDEX flow_branches_by_step ON public.flow_branches USING btree (flow_run_id, step) WHERE (step IS NOT NULL);
CREATE INDEX flow_branches_to_wake ON public.flow_branches USING btree (wake_at) WHERE (wake_at IS NOT NULL);
CREATE INDEX flow_runs_by_batch ON public.flow_runs USING btree (batch_id, id) WHERE (batch_id IS NOT NULL);
CREATE INDEX flow_runs_by_deadline ON public.flow_runs USING btree (deadline_at, id) WHERE (deadline_at IS NOT NULL);
CREATE INDEX flow_runs_by_end ON public.flow_runs USING btree (ended_at, id) WHERE (ended_at IS NOT NULL);
CREATE INDEX flow_runs_by_flow ON public.flow_runs USING btree (flow_name, id);
CREATE INDEX flow_runs_by_instrument ON public.flow_runs USING btree (instrument, id) WHERE (instrument IS NOT NULL);
CREATE INDEX flow_runs_by_owner ON public.flow_runs USING btree (owner_id, id);
CREATE INDEX flow_runs_by_project ON public.flow_runs USING btree (project, id);
CREATE INDEX flow_runs_by_readers ON public.flow_runs USING gin (readers) WHERE (readers IS NOT NULL);
CREATE INDEX flow_runs_by_rerun ON public.flow_runs USING btree (rerun_of) WHERE (rerun_of IS NOT NULL);
CREATE INDEX flow_runs_by_start ON public.flow_runs USING btree (started_at, id);
CREATE INDEX flow_runs_by_status ON public.flow_runs USING btree (status, id);
CREATE INDEX flow_runs_by_tags ON public.flow_runs USING gin (tags jsonb_path_ops) WHERE (tags <> '{}'::jsonb);
CREATE INDEX flow_runs_by_trigger ON public.flow_runs USING btree (trigger_name, id) WHERE (trigger_name IS NOT NULL);
CREATE INDEX flow_runs_of_runs ON public.flow_runs USING btree (instrument, shot_number) WHERE (shot_number IS NOT NULL);
CREATE INDEX flow_runs_to_wake ON public.flow_runs USING btree (wake_at) WHERE ((wake_at IS NOT NULL) AND (ended_at IS NULL));
CREATE INDEX flows_by_readers ON public.flows USING gin (readers) WHERE (readers IS NOT NULL);
CREATE INDEX flows_by_run_readers ON public.flows USING gin (run_readers) WHERE (run_readers IS NOT NULL);
CREATE INDEX job_parents_by_parent ON public.job_parents USING btree (parent_id);
CREATE INDEX job_previews_by_location ON public.job_previews USING btree (location);
CREATE INDEX jobs_by_creator ON public.jobs USING btree (created_by_job_id, id) WHERE (created_by_job_id IS NOT NULL);
CREATE INDEX jobs_by_ensemble ON public.jobs USING btree (ensemble_id, state, ensemble_place) INCLUDE (ended_at) WHERE (ensemble_id IS NOT NULL);
CREATE INDEX jobs_by_flow_run ON public.jobs USING btree (flow_run_id) WHERE (flow_run_id IS NOT NULL);
CREATE INDEX jobs_by_project ON public.jobs USING btree (project, id);
CREATE INDEX jobs_due ON public.jobs USING btree (placed_site_id, deadline_at) WHERE ((placed_site_id IS NOT NULL) AND (deadline_at IS NOT NULL));
CREATE INDEX jobs_held ON public.jobs USING btree (pilot_id) WHERE (stage = 4);
CREATE INDEX jobs_placed ON public.jobs USING btree (placed_site_id) WHERE (placed_site_id IS NOT NULL);
CREATE INDEX jobs_queued ON public.jobs USING btree (urgency, priority DESC, deadline_at, id) WHERE (stage = 1);
CREATE INDEX jobs_ready ON public.jobs USING btree (site_id, urgency, priority DESC, deadline_at, id) WHERE (stage = 3);
CREATE INDEX jobs_set_aside ON public.jobs USING btree (stage, id) WHERE (stage = ANY (ARRAY[0, 7, 8]));
CREATE INDEX jobs_staging ON public.jobs USING btree (site_id) WHERE (stage = 2);
CREATE INDEX maintenance_by_site ON public.maintenance USING btree (site_id, ends_at);
CREATE INDEX pilots_alive ON public.pilots USING btree (site_id) WHERE (state = ANY (ARRAY['wanted'::text, 'submitted'::text, 'running'::text]));
CREATE INDEX provided_actions_callback ON public.provided_actions USING btree (callback_due_at) WHERE (callback_due_at IS NOT NULL);
CREATE INDEX run_events_by_time ON public.run_events USING btree (instrument, received_at);
CREATE INDEX shots_by_time ON public.shots USING btree (instrument, taken_at);
CREATE INDEX tokens_by_job ON public.tokens USING btree (job_id) WHERE (job_id IS NOT NULL);
CREATE INDEX transfers_by_flow_run ON public.transfers USING btree (flow_run_id) WHERE (flow_run_id IS NOT NULL);
CREATE INDEX transfers_by_job ON public.transfers USING btree (job_id) WHERE (job_id IS NOT NULL);
CREATE INDEX transfers_by_project ON public.transfers USING btree (project, id);
CREATE INDEX transfers_open ON public.transfers USING btree (state, id) WHERE (state = ANY (ARRAY['queued'::text, 'active'::text]));
CREATE INDEX trigger_firings_by_flow_run ON public.trigger_firings USING btree (flow_run_id) WHERE (flow_run_id IS NOT NULL);
CREATE INDEX trigger_firings_by_start ON public.trigger_firings USING btree (trigger_name, started_at) WHERE (started_at IS NOT NULL);
CREATE INDEX trigger_firings_by_time ON public.trigger_firings USING btree (trigger_name, at);
CREATE INDEX trigger_firings_queued ON public.trigger_firings USING btree (trigger_name, sequence) WHERE (outcome = 'queued'::text);
CREATE INDEX triggers_by_subject ON public.triggers USING btree (subject);
CREATE INDEX triggers_due ON public.triggers USING btree (next_due_at) WHERE (next_due_at IS NOT NULL);
CREATE INDEX triggers_to_start ON public.triggers USING btree (next_start_at) WHERE (next_start_at IS NOT NULL);
CREATE INDEX users_by_project ON public.users USING btree (project) WHERE (project IS NOT NULL);
CREATE INDEX web_inputs_by_project ON public.web_inputs USING btree (project, id);
CREATE INDEX web_inputs_open ON public.web_inputs USING btree (id) WHERE (status = 'open'::text);
CREATE INDEX web_inputs_to_expire ON public.web_inputs USING btree (expires_at) WHERE (status = 'open'::text);
CREATE TRIGGER jobs_added AFTER INSERT ON public.jobs REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.note_site_loads();
CREATE TRIGGER jobs_changed AFTER UPDATE ON public.jobs REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.note_site_loads();
CREATE TRIGGER jobs_gone AFTER DELETE ON public.jobs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.note_site_loads();
ALTER TABLE ONLY public.action_runs
    ADD CONSTRAINT action_runs_flow_run_id_fkey FOREIGN KEY (flow_run_id) REFERENCES public.flow_runs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.app_runtimes
    ADD CONSTRAINT app_runtimes_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.collections
    ADD CONSTRAINT collections_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.sites(id);
ALTER TABLE ONLY public.dataset_files
    ADD CONSTRAINT dataset_files_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES public.datasets(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.dataset_sources
    ADD CONSTRAINT dataset_sources_dataset_id_fkey FOREIGN KEY (dataset_id) REFERENCES public.datasets(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.dataset_sources
    ADD CONSTRAINT dataset_sources_source_id_fkey FOREIGN KEY (source_id) REFERENCES public.datasets(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.flow_batch_items
    ADD CONSTRAINT flow_batch_items_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES public.flow_batches(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.flow_branches
    ADD CONSTRAINT flow_branches_flow_run_id_fkey FOREIGN KEY (flow_run_id) REFERENCES public.flow_runs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.flow_log
    ADD CONSTRAINT flow_log_flow_run_id_fkey FOREIGN KEY (flow_run_id) REFERENCES public.flow_runs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.flow_steps
    ADD CONSTRAINT flow_steps_flow_run_id_fkey FOREIGN KEY (flow_run_id) REFERENCES public.flow_runs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.flow_versions
    ADD CONSTRAINT flow_versions_flow_name_fkey FOREIGN KEY (flow_name) REFERENCES public.flows(name) ON DELETE CASCADE;
ALTER TABLE ONLY public.instruments
    ADD CONSTRAINT instruments_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.sites(id);
ALTER TABLE ONLY public.job_previews
    ADD CONSTRAINT job_previews_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.maintenance
    ADD CONSTRAINT maintenance_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.one_time_codes
    ADD CONSTRAINT one_time_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.pilots
    ADD CONSTRAINT pilots_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.sites(id);
ALTER TABLE ONLY public.pools
    ADD CONSTRAINT pools_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.project_members
    ADD CONSTRAINT project_members_project_fkey FOREIGN KEY (project) REFERENCES public.projects(name) ON DELETE CASCADE;
ALTER TABLE ONLY public.project_members
    ADD CONSTRAINT project_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.provided_actions
    ADD CONSTRAINT provided_actions_id_fkey FOREIGN KEY (id) REFERENCES public.flow_runs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.run_events
    ADD CONSTRAINT run_events_instrument_fkey FOREIGN KEY (instrument) REFERENCES public.instruments(name) ON DELETE CASCADE;
ALTER TABLE ONLY public.shots
    ADD CONSTRAINT shots_instrument_fkey FOREIGN KEY (instrument) REFERENCES public.instruments(name) ON DELETE CASCADE;
ALTER TABLE ONLY public.site_samples
    ADD CONSTRAINT site_samples_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_project_fkey FOREIGN KEY (project) REFERENCES public.projects(name) ON DELETE SET NULL;
ALTER TABLE ONLY public.web_inputs
    ADD CONSTRAINT web_inputs_flow_run_id_fkey FOREIGN KEY (flow_run_id) REFERENCES public.flow_runs(id) ON DELETE CASCADE;
