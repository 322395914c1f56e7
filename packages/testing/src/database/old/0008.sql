-- A database as the hub left it that knew migrations up to 0008: pg_dump of a small facility with work under way.
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
    ended_at timestamp with time zone
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
);
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
    updated_at timestamp with time zone NOT NULL
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
    next_shot_at timestamp with time zone
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
CREATE TABLE public.shots (
    instrument text NOT NULL,
    number bigint NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    deadline_at timestamp with time zone,
    dataset_id text,
    flow_run_id text,
    result_dataset_id text,
    answered_at timestamp with time zone
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
    dataset_id text NOT NULL,
    flow_run_id text NOT NULL,
    fired_at timestamp with time zone NOT NULL
);
CREATE TABLE public.triggers (
    name text NOT NULL,
    id text NOT NULL,
    enabled boolean NOT NULL,
    instrument text NOT NULL,
    pattern text NOT NULL,
    flow_name text NOT NULL,
    input jsonb NOT NULL,
    deadline jsonb NOT NULL,
    urgency smallint NOT NULL,
    project text NOT NULL,
    owner_id text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.users (
    id text NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    admin boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT users_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'serviceAccount'::text])))
);
ALTER TABLE ONLY public.placements ALTER COLUMN id SET DEFAULT nextval('public.placements_id_seq'::regclass);
INSERT INTO public.apps VALUES
	('analyze', '{"title":"","description":"","version":"","command":["analyze","{file}"],"shell":false,"preamble":[],"pre":[],"post":[],"environment":{},"variants":{},"sites":null,"parameters":{},"inputs":[{"name":"file","required":true,"description":""}],"outputs":[{"name":"result","path":"result.h5","required":true},{"name":"preview","path":"preview.json","required":false}],"resources":{"nodes":1,"ranksPerNode":1,"cores":1,"threadsPerRank":0,"gpus":0,"memoryBytes":0,"walltimeSeconds":60},"onError":{"retries":0,"delaySeconds":0,"backoffRate":2,"resources":{}},"onTimeout":{"retries":0,"delaySeconds":0,"backoffRate":2,"resources":{}},"restartable":false,"mayUseHub":false,"name":"analyze"}', 1, '2026-11-22 00:25:33.532+00');
INSERT INTO public.collections VALUES
	('raw', 'site_01m80a9pm6062kyr10hnkavk07', '', true),
	('results', 'site_01m80a9pm6062kyr10hnkavk07', '', true),
	('centre-scratch', 'site_01m80a9pnm8paathqae2xrkqxy', '', true);
INSERT INTO public.dataset_files VALUES
	('dataset_01m80a9ptbh2v8ym897assbyzz', 1, 'raw:/shots/shot_7.h5', 1000, '2026-11-21 12:00:00+00', NULL);
INSERT INTO public.datasets VALUES
	('dataset_01m80a9ptbh2v8ym897assbyzz', 'shot_7.h5', 'raw', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'tokamak', 7, NULL, NULL, '{"power": 3}', '{}', 1, 1000, NULL, 'raw:/shots/shot_7.h5 1000 2026-11-21T12:00:00.000Z', '2026-11-22 00:25:33.771+00', '''3'':15 ''7'':2A,5A,11B ''h5'':3A,6A,12B ''power'':13 ''raw'':8B ''shot'':1A,4A,10B ''shots'':9B ''tokamak'':7B');
INSERT INTO public.events OVERRIDING SYSTEM VALUE VALUES
	(1, '734', '2026-11-22 00:25:33.534+00', 'app.saved', 'app', 'analyze', NULL, NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"digest": "sha256:b9844e638e86754bc51d17c52d767214412784e8ae1d6ef3a4ea535f979c658f"}'),
	(2, '740', '2026-11-22 00:25:33.629+00', 'site.up', 'site', 'site_01m80a9pm6062kyr10hnkavk07', NULL, NULL, NULL, '{"host": "agent-host", "version": "0.0.0-test", "wasSilent": true}'),
	(3, '741', '2026-11-22 00:25:33.655+00', 'site.up', 'site', 'site_01m80a9pnm8paathqae2xrkqxy', NULL, NULL, NULL, '{"host": "agent-host", "version": "0.0.0-test", "wasSilent": true}'),
	(4, '742', '2026-11-22 00:25:33.695+00', 'flow.saved', 'flow', 'answer', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"version": 1}'),
	(5, '743', '2026-11-22 00:25:33.706+00', 'trigger.saved', 'trigger', 'every-shot', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{}'),
	(6, '747', '2026-11-22 00:25:33.729+00', 'flow.saved', 'flow', 'waits', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"version": 1}'),
	(7, '748', '2026-11-22 00:25:33.734+00', 'flow.saved', 'flow', 'works', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"version": 1}'),
	(8, '749', '2026-11-22 00:25:33.74+00', 'flow.saved', 'flow', 'both', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"version": 1}'),
	(9, '750', '2026-11-22 00:25:33.746+00', 'flow.saved', 'flow', 'each', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"version": 1}'),
	(10, '751', '2026-11-22 00:25:33.75+00', 'flow.saved', 'flow', 'breaks', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"version": 1}'),
	(11, '752', '2026-11-22 00:25:33.756+00', 'flowRun.failed', 'flowRun', 'flowrun_01m80a9pstyyh8qqk9260szt0z', 'demo', 'flowrun_01m80a9pstyyh8qqk9260szt0z', NULL, '{"flow": "breaks", "state": null, "status": "FAILED"}'),
	(12, '753', '2026-11-22 00:25:33.765+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9pt306yg41jn71ye4dhg', 'demo', 'flowrun_01m80a9pt306yg41jn71ye4dhg', NULL, '{"flow": "waits", "state": "Rest", "status": "ACTIVE"}'),
	(13, '754', '2026-11-22 00:25:33.771+00', 'dataset.registered', 'dataset', 'dataset_01m80a9ptbh2v8ym897assbyzz', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"kind": "raw", "title": "shot_7.h5", "instrument": "tokamak"}'),
	(14, '754', '2026-11-22 00:25:33.776+00', 'job.queued', 'job', 'job_01m80a9ptq4ggq23xye3z4zdk4', 'demo', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"app": "analyze"}'),
	(15, '754', '2026-11-22 00:25:33.783+00', 'job.placed', 'job', 'job_01m80a9ptq4ggq23xye3z4zdk4', 'demo', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', NULL, '{"reason": "earliest finish at centre (transfer 0.0 s, wait 1.0 s, run 10.0 s)", "siteId": "site_01m80a9pnm8paathqae2xrkqxy", "staging": true}'),
	(16, '754', '2026-11-22 00:25:33.783+00', 'transfer.queued', 'transfer', 'transfer_01m80a9ptybsk443wxm7qg2myg', 'demo', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"jobId": "job_01m80a9ptq4ggq23xye3z4zdk4", "source": "raw", "destination": "centre-scratch"}'),
	(17, '754', '2026-11-22 00:25:33.783+00', 'transfer.dispatched', 'transfer', 'transfer_01m80a9ptybsk443wxm7qg2myg', 'demo', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', NULL, '{"jobId": "job_01m80a9ptq4ggq23xye3z4zdk4", "attempt": 1}'),
	(18, '754', '2026-11-22 00:25:33.776+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', 'demo', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', NULL, '{"flow": "answer", "state": "Analyze", "status": "ACTIVE"}'),
	(19, '755', '2026-11-22 00:25:33.805+00', 'job.queued', 'job', 'job_01m80a9pvfvzggtdwb84m93gwx', 'demo', 'flowrun_01m80a9pvc3wqsjvvczzfcancd', 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"app": "analyze"}'),
	(20, '755', '2026-11-22 00:25:33.807+00', 'job.placed', 'job', 'job_01m80a9pvfvzggtdwb84m93gwx', 'demo', 'flowrun_01m80a9pvc3wqsjvvczzfcancd', NULL, '{"reason": "earliest finish at centre (transfer 0.0 s, wait 1.0 s, run 10.0 s)", "siteId": "site_01m80a9pnm8paathqae2xrkqxy", "staging": false}'),
	(21, '756', '2026-11-22 00:25:33.817+00', 'flowRun.succeeded', 'flowRun', 'flowrun_01m80a9pt306yg41jn71ye4dhg', 'demo', 'flowrun_01m80a9pt306yg41jn71ye4dhg', NULL, '{"flow": "waits", "state": null, "status": "SUCCEEDED"}'),
	(22, '755', '2026-11-22 00:25:33.805+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9pvc3wqsjvvczzfcancd', 'demo', 'flowrun_01m80a9pvc3wqsjvvczzfcancd', NULL, '{"flow": "works", "state": "Work", "status": "ACTIVE"}'),
	(23, '757', '2026-11-22 00:25:33.928+00', 'pilot.wanted', 'pilot', 'pilot_01m80a9pz7q2y95bqdzwy05zrj', NULL, NULL, NULL, '{"pool": "default", "reason": "2 jobs wait for 2 cores; 1 pilot more wanted", "siteId": "site_01m80a9pnm8paathqae2xrkqxy"}'),
	(24, '758', '2026-11-22 00:25:33.93+00', 'pilot.running', 'pilot', 'pilot_01m80a9pz7q2y95bqdzwy05zrj', NULL, NULL, NULL, '{"host": "node-1", "pool": "default", "cores": 4, "siteId": "site_01m80a9pnm8paathqae2xrkqxy"}'),
	(25, '760', '2026-11-22 00:25:33.942+00', 'job.started', 'job', 'job_01m80a9pvfvzggtdwb84m93gwx', 'demo', 'flowrun_01m80a9pvc3wqsjvvczzfcancd', NULL, '{"host": "node-1", "attempt": 1}'),
	(26, '761', '2026-11-22 00:25:33.957+00', 'job.queued', 'job', 'job_01m80a9q03gr7swx2jzedxeatj', 'demo', NULL, 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{}'),
	(27, '761', '2026-11-22 00:25:33.958+00', 'job.placed', 'job', 'job_01m80a9q03gr7swx2jzedxeatj', 'demo', NULL, NULL, '{"reason": "earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)", "siteId": "site_01m80a9pnm8paathqae2xrkqxy", "staging": false}'),
	(28, '762', '2026-11-22 00:25:33.968+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 'demo', 'flowrun_01m80a9q0fvxdtvsnztkhwvgvk', NULL, '{"flow": "each", "state": "Each", "status": "ACTIVE"}'),
	(29, '763', '2026-11-22 00:25:33.975+00', 'job.queued', 'job', 'job_01m80a9q0s2q641m9prf00f168', 'demo', 'flowrun_01m80a9q0ps16hwt6sxa80zgsa', 'user_01m80a9p4mhhxn04ywmgz9wzzx', '{"app": "analyze"}'),
	(30, '763', '2026-11-22 00:25:33.977+00', 'job.placed', 'job', 'job_01m80a9q0s2q641m9prf00f168', 'demo', 'flowrun_01m80a9q0ps16hwt6sxa80zgsa', NULL, '{"reason": "earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)", "siteId": "site_01m80a9pnm8paathqae2xrkqxy", "staging": false}'),
	(31, '763', '2026-11-22 00:25:33.975+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9q0ps16hwt6sxa80zgsa', 'demo', 'flowrun_01m80a9q0ps16hwt6sxa80zgsa', NULL, '{"flow": "both", "state": "Both", "status": "ACTIVE"}'),
	(32, '764', '2026-11-22 00:25:33.992+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9q17rczw0d3b7gc29m6g', 'demo', 'flowrun_01m80a9q17rczw0d3b7gc29m6g', NULL, '{"flow": "waits", "state": "Rest", "status": "ACTIVE"}'),
	(33, '765', '2026-11-22 00:25:34.019+00', 'flowRun.advanced', 'flowRun', 'flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 'demo', 'flowrun_01m80a9q0fvxdtvsnztkhwvgvk', NULL, '{"flow": "each", "state": "Each", "status": "ACTIVE"}');
INSERT INTO public.flow_log VALUES
	('flowrun_01m80a9pstyyh8qqk9260szt0z', 1, '2026-11-22 00:25:33.756+00', 'FlowStarted', 'The flow run started execution', '{"input": {}}'),
	('flowrun_01m80a9pstyyh8qqk9260szt0z', 2, '2026-11-22 00:25:33.756+00', 'FailStarted', 'State Break of type Fail started', '{"state_name": "Break", "state_type": "Fail"}'),
	('flowrun_01m80a9pstyyh8qqk9260szt0z', 3, '2026-11-22 00:25:33.756+00', 'FailCompleted', 'State Break of type Fail completed', '{"cause": "on purpose", "error": "Broken", "state_name": "Break", "state_type": "Fail"}'),
	('flowrun_01m80a9pstyyh8qqk9260szt0z', 4, '2026-11-22 00:25:33.756+00', 'FlowFailed', 'The flow run failed: on purpose', '{"step": 1, "cause": "on purpose", "error": "Broken", "state": "Break"}'),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 1, '2026-11-22 00:25:33.765+00', 'FlowStarted', 'The flow run started execution', '{"input": {"seconds": 0.05}}'),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 2, '2026-11-22 00:25:33.765+00', 'WaitStarted', 'State Rest of type Wait started', '{"state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9ptdrwaf7zr50r3c7x0w', 1, '2026-11-22 00:25:33.776+00', 'FlowStarted', 'The flow run started execution', '{"input": {"input": {"file": "raw:/shots/shot_7.h5", "shot": 7, "dataset": "dataset_01m80a9ptbh2v8ym897assbyzz", "returnTo": "results:/answers/shot_7/"}}}'),
	('flowrun_01m80a9ptdrwaf7zr50r3c7x0w', 2, '2026-11-22 00:25:33.776+00', 'ActionStarted', 'State Analyze of type Action started', '{"input": {"app": "analyze", "inputs": {"file": "raw:/shots/shot_7.h5"}}, "state_name": "Analyze", "state_type": "Action"}'),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 3, '2026-11-22 00:25:33.817+00', 'WaitCompleted', 'State Rest of type Wait completed', '{"state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 4, '2026-11-22 00:25:33.817+00', 'PassStarted', 'State Done of type Pass started', '{"state_name": "Done", "state_type": "Pass"}'),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 5, '2026-11-22 00:25:33.817+00', 'PassCompleted', 'State Done of type Pass completed', '{"output": {"done": true}, "state_name": "Done", "state_type": "Pass", "result_path": "$.done"}'),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 6, '2026-11-22 00:25:33.817+00', 'FlowSucceeded', 'The flow run completed successfully', '{}'),
	('flowrun_01m80a9pvc3wqsjvvczzfcancd', 1, '2026-11-22 00:25:33.805+00', 'FlowStarted', 'The flow run started execution', '{"input": {}}'),
	('flowrun_01m80a9pvc3wqsjvvczzfcancd', 2, '2026-11-22 00:25:33.805+00', 'ActionStarted', 'State Work of type Action started', '{"input": {"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}, "state_name": "Work", "state_type": "Action"}'),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 1, '2026-11-22 00:25:33.968+00', 'FlowStarted', 'The flow run started execution', '{"input": {"items": [{"seconds": 0.05}, {"seconds": 4}, {"seconds": 0.05}]}}'),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 2, '2026-11-22 00:25:33.968+00', 'MapStarted', 'State Each of type Map started', '{"state_name": "Each", "state_type": "Map"}'),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 3, '2026-11-22 00:25:33.968+00', 'WaitStarted', 'State Each[0]/Rest of type Wait started', '{"path": "Each[0]", "state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9q0ps16hwt6sxa80zgsa', 1, '2026-11-22 00:25:33.975+00', 'FlowStarted', 'The flow run started execution', '{"input": {"seconds": 4}}'),
	('flowrun_01m80a9q0ps16hwt6sxa80zgsa', 2, '2026-11-22 00:25:33.975+00', 'ParallelStarted', 'State Both of type Parallel started', '{"input": {"seconds": 4}, "state_name": "Both", "state_type": "Parallel"}'),
	('flowrun_01m80a9q0ps16hwt6sxa80zgsa', 3, '2026-11-22 00:25:33.975+00', 'WaitStarted', 'State Both[0]/Rest of type Wait started', '{"path": "Both[0]", "state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9q0ps16hwt6sxa80zgsa', 4, '2026-11-22 00:25:33.975+00', 'ActionStarted', 'State Both[1]/Work of type Action started', '{"path": "Both[1]", "input": {"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}, "state_name": "Work", "state_type": "Action"}'),
	('flowrun_01m80a9q17rczw0d3b7gc29m6g', 1, '2026-11-22 00:25:33.992+00', 'FlowStarted', 'The flow run started execution', '{"input": {"note": "under way", "seconds": 4}}'),
	('flowrun_01m80a9q17rczw0d3b7gc29m6g', 2, '2026-11-22 00:25:33.992+00', 'WaitStarted', 'State Rest of type Wait started', '{"state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 4, '2026-11-22 00:25:34.019+00', 'WaitCompleted', 'State Each[0]/Rest of type Wait completed', '{"path": "Each[0]", "state_name": "Rest", "state_type": "Wait"}'),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 5, '2026-11-22 00:25:34.019+00', 'WaitStarted', 'State Each[1]/Rest of type Wait started', '{"path": "Each[1]", "state_name": "Rest", "state_type": "Wait"}');
INSERT INTO public.flow_runs VALUES
	('flowrun_01m80a9pstyyh8qqk9260szt0z', 'breaks', 1, '', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'FAILED', 'Broken: on purpose', NULL, 1, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{"data": {}, "status": "FAILED", "visits": {"Break": 1}, "context": {"run_id": "flowrun_01m80a9pstyyh8qqk9260szt0z", "flow_id": "flow_01m80a9psphtkz1k426kvmdghh", "urgency": "normal", "user_id": "user_01m80a9p4mhhxn04ywmgz9wzzx", "deadline": null, "username": "admin"}, "endedAt": "2026-11-22T00:25:33.756Z", "failure": {"step": 1, "cause": "on purpose", "error": "Broken", "state": "Break"}, "branches": [], "canceled": null, "startedAt": "2026-11-22T00:25:33.756Z", "privatePaths": [], "stepSequence": 1}', 1, NULL, 0, 0, '2026-11-22 00:25:33.755+00', '2026-11-22 00:25:33.756+00'),
	('flowrun_01m80a9ptdrwaf7zr50r3c7x0w', 'answer', 1, 'shot 7', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'ACTIVE', 'Analyze waits for interpulse:compute since 2026-11-22T00:25:33.776Z, at most until 2026-11-22T01:25:33.776Z.', 'Analyze', 0, '2026-11-22 00:26:33.768+00', 'tokamak', 7, 'dataset_01m80a9ptbh2v8ym897assbyzz', NULL, '{}', '{"input": {"file": "raw:/shots/shot_7.h5", "shot": 7, "dataset": "dataset_01m80a9ptbh2v8ym897assbyzz", "returnTo": "results:/answers/shot_7/"}}', '{"data": {"input": {"file": "raw:/shots/shot_7.h5", "shot": 7, "dataset": "dataset_01m80a9ptbh2v8ym897assbyzz", "returnTo": "results:/answers/shot_7/"}}, "status": "ACTIVE", "visits": {"Analyze": 1}, "context": {"run_id": "flowrun_01m80a9ptdrwaf7zr50r3c7x0w", "flow_id": "flow_01m80a9pqzbk6bm8dthxaah46j", "urgency": "urgent", "user_id": "user_01m80a9p4mhhxn04ywmgz9wzzx", "deadline": "2026-11-22T00:26:33.768Z", "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "action", "stalled": null, "provider": "interpulse:compute", "timeoutAt": "2026-11-22T01:25:33.776Z", "waitTimeSeconds": 3600}, "state": "Analyze", "retries": [], "enteredAt": "2026-11-22T00:25:33.776Z"}], "canceled": null, "startedAt": "2026-11-22T00:25:33.776Z", "privatePaths": [], "stepSequence": 1}', 1, '2026-11-22 01:25:33.776+00', 0, 3, '2026-11-22 00:25:33.776+00', NULL),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 'waits', 1, '', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'SUCCEEDED', NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, '{}', '{"seconds": 0.05}', '{"data": {"done": {"done": true}, "seconds": 0.05}, "status": "SUCCEEDED", "visits": {"Done": 1, "Rest": 1}, "context": {"run_id": "flowrun_01m80a9pt306yg41jn71ye4dhg", "flow_id": "flow_01m80a9ps18af9z7kaj47sk2t2", "urgency": "normal", "user_id": "user_01m80a9p4mhhxn04ywmgz9wzzx", "deadline": null, "username": "admin"}, "endedAt": "2026-11-22T00:25:33.817Z", "failure": null, "branches": [], "canceled": null, "startedAt": "2026-11-22T00:25:33.765Z", "privatePaths": [], "stepSequence": 2}', 2, NULL, 0, 0, '2026-11-22 00:25:33.764+00', '2026-11-22 00:25:33.817+00'),
	('flowrun_01m80a9pvc3wqsjvvczzfcancd', 'works', 1, '', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'ACTIVE', 'Work waits for interpulse:compute since 2026-11-22T00:25:33.805Z, at most until 2026-11-22T00:30:33.805Z.', 'Work', 1, NULL, NULL, NULL, NULL, NULL, '{}', '{}', '{"data": {}, "status": "ACTIVE", "visits": {"Work": 1}, "context": {"run_id": "flowrun_01m80a9pvc3wqsjvvczzfcancd", "flow_id": "flow_01m80a9ps6f2trj9xrw2hqftfr", "urgency": "normal", "user_id": "user_01m80a9p4mhhxn04ywmgz9wzzx", "deadline": null, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "action", "stalled": null, "provider": "interpulse:compute", "timeoutAt": "2026-11-22T00:30:33.805Z", "waitTimeSeconds": 300}, "state": "Work", "retries": [], "enteredAt": "2026-11-22T00:25:33.805Z"}], "canceled": null, "startedAt": "2026-11-22T00:25:33.805Z", "privatePaths": [], "stepSequence": 1}', 1, '2026-11-22 00:30:33.805+00', 0, 1, '2026-11-22 00:25:33.804+00', NULL),
	('flowrun_01m80a9q17rczw0d3b7gc29m6g', 'waits', 1, '', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'ACTIVE', 'Rest waits until 2026-11-22T00:25:37.992Z.', 'Rest', 1, NULL, NULL, NULL, NULL, NULL, '{}', '{"note": "under way", "seconds": 4}', '{"data": {"note": "under way", "seconds": 4}, "status": "ACTIVE", "visits": {"Rest": 1}, "context": {"run_id": "flowrun_01m80a9q17rczw0d3b7gc29m6g", "flow_id": "flow_01m80a9ps18af9z7kaj47sk2t2", "urgency": "normal", "user_id": "user_01m80a9p4mhhxn04ywmgz9wzzx", "deadline": null, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "timer", "dueAt": "2026-11-22T00:25:37.992Z"}, "state": "Rest", "retries": [], "enteredAt": "2026-11-22T00:25:33.992Z"}], "canceled": null, "startedAt": "2026-11-22T00:25:33.992Z", "privatePaths": [], "stepSequence": 1}', 1, '2026-11-22 00:25:37.992+00', 0, 0, '2026-11-22 00:25:33.991+00', NULL),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 'each', 1, '', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'ACTIVE', 'Each: 1 of 3 branches are done, 1 under way. Each[1]/Rest waits until 2026-11-22T00:25:38.019Z.', 'Each', 1, NULL, NULL, NULL, NULL, NULL, '{}', '{"items": [{"seconds": 0.05}, {"seconds": 4}, {"seconds": 0.05}]}', '{"data": {"items": [{"seconds": 0.05}, {"seconds": 4}, {"seconds": 0.05}]}, "status": "ACTIVE", "visits": {"Each": 1, "Rest": 2}, "context": {"run_id": "flowrun_01m80a9q0fvxdtvsnztkhwvgvk", "flow_id": "flow_01m80a9psjhn30mv8krqvmjvqx", "urgency": "normal", "user_id": "user_01m80a9p4mhhxn04ywmgz9wzzx", "deadline": null, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": [], "step": 1, "wait": {"kind": "branches", "ended": 1, "total": 3, "results": [{"seconds": 0.05}, null, null], "started": 2, "mostAtOnce": 1, "resultBytes": 17, "privatePaths": []}, "state": "Each", "retries": [], "enteredAt": "2026-11-22T00:25:33.968Z"}, {"path": ["Each", 1], "step": 3, "wait": {"kind": "timer", "dueAt": "2026-11-22T00:25:38.019Z"}, "inner": {"data": {"seconds": 4}, "index": 1, "sizeBytes": 14, "parentStep": 1, "privatePaths": []}, "state": "Rest", "retries": [], "enteredAt": "2026-11-22T00:25:34.019Z"}], "canceled": null, "startedAt": "2026-11-22T00:25:33.968Z", "privatePaths": [], "stepSequence": 3}', 2, '2026-11-22 00:25:38.019+00', 0, 1, '2026-11-22 00:25:33.968+00', NULL),
	('flowrun_01m80a9q0ps16hwt6sxa80zgsa', 'both', 1, '', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'ACTIVE', 'Both: 0 of 2 branches are done, 2 under way. Both[0]/Rest waits until 2026-11-22T00:25:37.975Z. Both[1]/Work waits for interpulse:compute since 2026-11-22T00:25:33.975Z, at most until 2026-11-22T00:30:33.975Z.', 'Both', 1, NULL, NULL, NULL, NULL, NULL, '{}', '{"seconds": 4}', '{"data": {"seconds": 4}, "status": "ACTIVE", "visits": {"Both": 1, "Rest": 1, "Work": 1}, "context": {"run_id": "flowrun_01m80a9q0ps16hwt6sxa80zgsa", "flow_id": "flow_01m80a9pscb0z7jmm6y56pjzdn", "urgency": "normal", "user_id": "user_01m80a9p4mhhxn04ywmgz9wzzx", "deadline": null, "username": "admin"}, "endedAt": null, "failure": null, "branches": [{"path": ["Both", 0], "step": 2, "wait": {"kind": "timer", "dueAt": "2026-11-22T00:25:37.975Z"}, "inner": {"data": {"seconds": 4}, "index": 0, "sizeBytes": 14, "parentStep": 1, "privatePaths": []}, "state": "Rest", "retries": [], "enteredAt": "2026-11-22T00:25:33.975Z"}, {"path": [], "step": 1, "wait": {"kind": "branches", "ended": 0, "total": 2, "results": [null, null], "started": 2, "mostAtOnce": 2, "resultBytes": 0, "privatePaths": []}, "state": "Both", "retries": [], "enteredAt": "2026-11-22T00:25:33.975Z"}, {"path": ["Both", 1], "step": 3, "wait": {"kind": "action", "stalled": null, "provider": "interpulse:compute", "timeoutAt": "2026-11-22T00:30:33.975Z", "waitTimeSeconds": 300}, "inner": {"data": {"seconds": 4}, "index": 1, "sizeBytes": 14, "parentStep": 1, "privatePaths": []}, "state": "Work", "retries": [], "enteredAt": "2026-11-22T00:25:33.975Z"}], "canceled": null, "startedAt": "2026-11-22T00:25:33.975Z", "privatePaths": [], "stepSequence": 3}', 1, '2026-11-22 00:25:37.975+00', 0, 1, '2026-11-22 00:25:33.975+00', NULL);
INSERT INTO public.flow_steps VALUES
	('flowrun_01m80a9pstyyh8qqk9260szt0z', 1, 'Break', 'Fail', 'succeeded', NULL, NULL, NULL, 'null', 'null', 'on purpose', '2026-11-22 00:25:33.756+00', '2026-11-22 00:25:33.756+00'),
	('flowrun_01m80a9ptdrwaf7zr50r3c7x0w', 1, 'Analyze', 'Action', 'active', 'compute', 'job_01m80a9ptq4ggq23xye3z4zdk4', NULL, '{"app": "analyze", "inputs": {"file": "raw:/shots/shot_7.h5"}}', 'null', NULL, '2026-11-22 00:25:33.776+00', NULL),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 1, 'Rest', 'Wait', 'succeeded', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:33.765+00', '2026-11-22 00:25:33.817+00'),
	('flowrun_01m80a9pt306yg41jn71ye4dhg', 2, 'Done', 'Pass', 'succeeded', NULL, NULL, NULL, 'null', '{"done": true}', NULL, '2026-11-22 00:25:33.817+00', '2026-11-22 00:25:33.817+00'),
	('flowrun_01m80a9pvc3wqsjvvczzfcancd', 1, 'Work', 'Action', 'active', 'compute', 'job_01m80a9pvfvzggtdwb84m93gwx', NULL, '{"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}', 'null', NULL, '2026-11-22 00:25:33.805+00', NULL),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 1, 'Each', 'Map', 'active', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:33.968+00', NULL),
	('flowrun_01m80a9q0ps16hwt6sxa80zgsa', 1, 'Both', 'Parallel', 'active', NULL, NULL, NULL, '{"seconds": 4}', 'null', NULL, '2026-11-22 00:25:33.975+00', NULL),
	('flowrun_01m80a9q0ps16hwt6sxa80zgsa', 2, 'Both[0]/Rest', 'Wait', 'active', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:33.975+00', NULL),
	('flowrun_01m80a9q0ps16hwt6sxa80zgsa', 3, 'Both[1]/Work', 'Action', 'active', 'compute', 'job_01m80a9q0s2q641m9prf00f168', NULL, '{"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}', 'null', NULL, '2026-11-22 00:25:33.975+00', NULL),
	('flowrun_01m80a9q17rczw0d3b7gc29m6g', 1, 'Rest', 'Wait', 'active', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:33.992+00', NULL),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 2, 'Each[0]/Rest', 'Wait', 'succeeded', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:33.968+00', '2026-11-22 00:25:34.019+00'),
	('flowrun_01m80a9q0fvxdtvsnztkhwvgvk', 3, 'Each[1]/Rest', 'Wait', 'active', NULL, NULL, NULL, 'null', 'null', NULL, '2026-11-22 00:25:34.019+00', NULL);
INSERT INTO public.flow_versions VALUES
	('answer', 1, '', '', '{"States": {"Return": {"End": true, "Type": "Action", "WaitTime": 3600, "ActionUrl": "interpulse:transfer", "Parameters": {"items": [{"source.$": "$.Analyze.details.outputs[0].location", "destination.=": "input.returnTo + ''result.h5''"}]}, "ResultPath": "$.Return"}, "Analyze": {"Next": "Publish", "Type": "Action", "WaitTime": 3600, "ActionUrl": "interpulse:compute", "Parameters": {"app": "analyze", "inputs": {"file.$": "$.input.file"}}, "ResultPath": "$.Analyze", "ExceptionOnActionFailure": true}, "Publish": {"Next": "Return", "Type": "Action", "WaitTime": 600, "ActionUrl": "interpulse:ingest", "Parameters": {"kind": "result", "files.=": "[Analyze.details.outputs[0].location]", "title.=": "''result of '' + input.file", "preview.=": "Analyze.details.outputs[1].location"}, "ResultPath": "$.Publish"}}, "StartAt": "Analyze"}', '{}', '2026-11-22 00:25:33.695+00'),
	('waits', 1, '', '', '{"States": {"Done": {"End": true, "Type": "Pass", "Result": {"done": true}, "ResultPath": "$.done"}, "Rest": {"Next": "Done", "Type": "Wait", "SecondsPath": "$.seconds"}}, "StartAt": "Rest"}', '{}', '2026-11-22 00:25:33.729+00'),
	('works', 1, '', '', '{"States": {"Work": {"End": true, "Type": "Action", "ActionUrl": "interpulse:compute", "Parameters": {"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}, "ResultPath": "$.work"}}, "StartAt": "Work"}', '{}', '2026-11-22 00:25:33.734+00'),
	('both', 1, '', '', '{"States": {"Both": {"End": true, "Type": "Parallel", "Branches": [{"States": {"Rest": {"End": true, "Type": "Wait", "SecondsPath": "$.seconds"}}, "StartAt": "Rest"}, {"States": {"Work": {"End": true, "Type": "Action", "ActionUrl": "interpulse:compute", "Parameters": {"app": "analyze", "inputs": {"file": "centre-scratch:/a.h5"}}, "ResultPath": "$.work"}}, "StartAt": "Work"}], "ResultPath": "$.both"}}, "StartAt": "Both"}', '{}', '2026-11-22 00:25:33.74+00'),
	('each', 1, '', '', '{"States": {"Each": {"End": true, "Type": "Map", "ItemsPath": "$.items", "ResultPath": "$.each", "ItemProcessor": {"States": {"Rest": {"End": true, "Type": "Wait", "SecondsPath": "$.seconds"}}, "StartAt": "Rest"}, "MaxConcurrency": 1}}, "StartAt": "Each"}', '{}', '2026-11-22 00:25:33.746+00'),
	('breaks', 1, '', '', '{"States": {"Break": {"Type": "Fail", "Cause": "on purpose", "Error": "Broken"}}, "StartAt": "Break"}', '{}', '2026-11-22 00:25:33.75+00');
INSERT INTO public.flows VALUES
	('answer', 'flow_01m80a9pqzbk6bm8dthxaah46j', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 1, '2026-11-22 00:25:33.695+00', '2026-11-22 00:25:33.695+00'),
	('waits', 'flow_01m80a9ps18af9z7kaj47sk2t2', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 1, '2026-11-22 00:25:33.729+00', '2026-11-22 00:25:33.729+00'),
	('works', 'flow_01m80a9ps6f2trj9xrw2hqftfr', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 1, '2026-11-22 00:25:33.734+00', '2026-11-22 00:25:33.734+00'),
	('both', 'flow_01m80a9pscb0z7jmm6y56pjzdn', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 1, '2026-11-22 00:25:33.74+00', '2026-11-22 00:25:33.74+00'),
	('each', 'flow_01m80a9psjhn30mv8krqvmjvqx', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 1, '2026-11-22 00:25:33.746+00', '2026-11-22 00:25:33.746+00'),
	('breaks', 'flow_01m80a9psphtkz1k426kvmdghh', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 1, '2026-11-22 00:25:33.75+00', '2026-11-22 00:25:33.75+00');
INSERT INTO public.instruments VALUES
	('tokamak', 'instrument_01m80a9pnxkgjkdzqcm4418zpq', '', 'site_01m80a9pm6062kyr10hnkavk07', 'raw', 'results:/answers/', 60, NULL, NULL, NULL);
INSERT INTO public.interpulse_migration VALUES
	('0001-events', '2026-11-22T00:25:32.643Z'),
	('0002-main-job', '2026-11-22T00:25:32.681Z'),
	('0003-flows-and-catalog', '2026-11-22T00:25:32.704Z'),
	('0004-compute', '2026-11-22T00:25:32.719Z'),
	('0005-job-storage', '2026-11-22T00:25:32.737Z'),
	('0006-site-loads', '2026-11-22T00:25:32.744Z'),
	('0007-app-text', '2026-11-22T00:25:32.746Z'),
	('0008-moved-jobs', '2026-11-22T00:25:32.747Z');
INSERT INTO public.interpulse_migration_lock VALUES
	('migration_lock', 0);
INSERT INTO public.job_attempts VALUES
	('job_01m80a9pvfvzggtdwb84m93gwx', 1, 'centre', 'pilot_01m80a9pz7q2y95bqdzwy05zrj', 'node-1', 4711, '["program"]', '2026-11-22 00:25:33.936+00', '2026-11-22 00:25:33.942+00', NULL, NULL, NULL, NULL, NULL, NULL, '["node-1"]', 'operator', NULL, '{"interpulse": "0.0.0-test"}', NULL);
INSERT INTO public.job_specs OVERRIDING SYSTEM VALUE VALUES
	(1, '\xdd2460d5a1f867fd948b410daf729917f4b0e13a5a0e748458721275c961dfe3', '', '{"*": {"pre": [], "post": [], "shell": false, "command": ["analyze", "{file}"], "preamble": [], "environment": {}}}', '{"*": {"digest": "sha256:b9844e638e86754bc51d17c52d767214412784e8ae1d6ef3a4ea535f979c658f", "shellText": false}}', NULL, '"any"', '[{"name": "result", "path": "result.h5", "required": true}, {"name": "preview", "path": "preview.json", "required": false}]', '{}', '{"gpus": 0, "cores": 1, "nodes": 1, "memoryBytes": 0, "ranksPerNode": 1, "threadsPerRank": 0, "walltimeSeconds": 60}', 1, 0, 0, 60, '{"retries": 0, "resources": {}, "backoffRate": 2, "delaySeconds": 0}', '{"retries": 0, "resources": {}, "backoffRate": 2, "delaySeconds": 0}', 'fail', NULL, NULL, false, false),
	(2, '\xc088aca8b79fddd8e5f47d00be6de98093524bbe4e7b68da9c77afe377f8212e', '', NULL, NULL, NULL, '"any"', '[]', '{}', '{"gpus": 0, "cores": 1, "nodes": 1, "memoryBytes": 0, "ranksPerNode": 1, "threadsPerRank": 0, "walltimeSeconds": 3600}', 1, 0, 0, 3600, '{"retries": 0, "resources": {}, "backoffRate": 2, "delaySeconds": 0}', '{"retries": 0, "resources": {}, "backoffRate": 2, "delaySeconds": 0}', 'fail', NULL, NULL, false, false);
INSERT INTO public.jobs VALUES
	('job_01m80a9ptq4ggq23xye3z4zdk4', 'Analyze of shot 7', 'analyze', NULL, 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', 1, 'site_01m80a9pnm8paathqae2xrkqxy', NULL, 0, 0, 'stagingIn', 'earliest finish at centre (transfer 0.0 s, wait 1.0 s, run 10.0 s)', '{}', '{"file": "raw:/shots/shot_7.h5"}', '{"file": "centre-scratch:/jobs/job_01m80a9ptq4ggq23xye3z4zdk4/in/file/shot_7.h5"}', NULL, 1, 0, '2026-11-22 00:26:33.768+00', '{}', NULL, NULL, '2026-11-22 00:25:33.776+00', '2026-11-22 00:25:33.783+00', NULL, NULL, NULL, '2026-11-22 00:25:33.783+00', 1, 1, NULL, NULL, NULL, 0, NULL, false, NULL, NULL, 0, 0, NULL, DEFAULT, DEFAULT, 0),
	('job_01m80a9pvfvzggtdwb84m93gwx', 'Work of works', 'analyze', NULL, 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'flowrun_01m80a9pvc3wqsjvvczzfcancd', 1, 'site_01m80a9pnm8paathqae2xrkqxy', 'pilot_01m80a9pz7q2y95bqdzwy05zrj', 1, 0, 'active', NULL, '{}', '{"file": "centre-scratch:/a.h5"}', NULL, NULL, 1, 1, NULL, '{}', NULL, NULL, '2026-11-22 00:25:33.805+00', '2026-11-22 00:25:33.807+00', '2026-11-22 00:25:33.807+00', '2026-11-22 00:25:33.942+00', NULL, '2026-11-22 00:25:33.942+00', 1, 2, NULL, NULL, NULL, 0, NULL, false, NULL, '2026-11-22 00:25:33.936+00', 0, 0, NULL, DEFAULT, DEFAULT, 0),
	('job_01m80a9q03gr7swx2jzedxeatj', '', NULL, '["true"]', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', NULL, NULL, 'site_01m80a9pnm8paathqae2xrkqxy', 'pilot_01m80a9pz7q2y95bqdzwy05zrj', 1, 0, 'ready', 'earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)', '{}', '{}', NULL, NULL, 1, 1, NULL, '{}', NULL, NULL, '2026-11-22 00:25:33.957+00', '2026-11-22 00:25:33.958+00', '2026-11-22 00:25:33.958+00', NULL, NULL, '2026-11-22 00:25:33.958+00', 2, 3, NULL, NULL, NULL, 0, NULL, false, NULL, '2026-11-22 00:25:33.961+00', 0, 0, NULL, DEFAULT, DEFAULT, 0),
	('job_01m80a9q0s2q641m9prf00f168', 'Work of both', 'analyze', NULL, 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'flowrun_01m80a9q0ps16hwt6sxa80zgsa', 3, 'site_01m80a9pnm8paathqae2xrkqxy', 'pilot_01m80a9pz7q2y95bqdzwy05zrj', 1, 0, 'ready', 'earliest finish at centre (transfer 0.0 s, wait 0.0 s, run 10.0 s)', '{}', '{"file": "centre-scratch:/a.h5"}', NULL, NULL, 1, 1, NULL, '{}', NULL, NULL, '2026-11-22 00:25:33.975+00', '2026-11-22 00:25:33.977+00', '2026-11-22 00:25:33.977+00', NULL, NULL, '2026-11-22 00:25:33.977+00', 1, 4, NULL, NULL, NULL, 0, NULL, false, NULL, '2026-11-22 00:25:33.981+00', 0, 0, NULL, DEFAULT, DEFAULT, 0);
INSERT INTO public.pilots VALUES
	('pilot_01m80a9pz7q2y95bqdzwy05zrj', 'site_01m80a9pnm8paathqae2xrkqxy', 'running', NULL, 'batch 5zrj', 'node-1', 1, 4, 28800, false, '2026-11-22 00:25:33.928+00', '2026-11-22 00:25:33.93+00', '2026-11-22 00:25:33.93+00', NULL, 'default', '{0,1,2}', NULL, '[{"gpus": 0, "host": "node-1", "cores": 4, "memoryBytes": 0}]', 4, 0, 0, 0, NULL, NULL, '2026-11-22 10:25:33.93+00');
INSERT INTO public.placements VALUES
	(1, '[{"refusal": "has no compute role", "estimate": null, "siteName": "beamline"}, {"refusal": null, "estimate": {"inTime": true, "finishAt": "2026-11-22T00:25:44.783Z", "runSeconds": 10, "waitSeconds": 1, "returnSeconds": 0, "transferSeconds": 0.00002}, "siteName": "centre"}]'),
	(2, '[{"refusal": "has no compute role", "estimate": null, "siteName": "beamline"}, {"refusal": null, "estimate": {"inTime": true, "finishAt": "2026-11-22T00:25:44.807Z", "runSeconds": 10, "waitSeconds": 1, "returnSeconds": 0, "transferSeconds": 0}, "siteName": "centre"}]'),
	(3, '[{"refusal": "has no compute role", "estimate": null, "siteName": "beamline"}, {"refusal": null, "estimate": {"inTime": true, "finishAt": "2026-11-22T00:25:43.958Z", "runSeconds": 10, "waitSeconds": 0, "returnSeconds": 0, "transferSeconds": 0}, "siteName": "centre"}]'),
	(4, '[{"refusal": "has no compute role", "estimate": null, "siteName": "beamline"}, {"refusal": null, "estimate": {"inTime": true, "finishAt": "2026-11-22T00:25:43.977Z", "runSeconds": 10, "waitSeconds": 0, "returnSeconds": 0, "transferSeconds": 0}, "siteName": "centre"}]');
INSERT INTO public.pools VALUES
	('site_01m80a9pnm8paathqae2xrkqxy', 'default', '2 jobs wait for 2 cores; 1 pilot more wanted', 1, 0.002);
INSERT INTO public.project_members VALUES
	('demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'manager'),
	('demo', 'user_01m80a9prgjk1v2v7vnr1b1mpm', 'member');
INSERT INTO public.projects VALUES
	('demo', 'demo', '2026-11-22 00:25:33.071+00');
INSERT INTO public.shots VALUES
	('tokamak', 7, '2026-11-22 00:25:33.768+00', '2026-11-22 00:25:33.768+00', NULL, 'dataset_01m80a9ptbh2v8ym897assbyzz', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', NULL, NULL);
INSERT INTO public.site_loads VALUES
	('site_01m80a9pnm8paathqae2xrkqxy', 'demo', 'analyze', 0, 'stagingIn', 5312, 1, 1),
	('site_01m80a9pnm8paathqae2xrkqxy', 'demo', 'analyze', 1, 'active', 5321, 1, 1),
	('site_01m80a9pnm8paathqae2xrkqxy', 'demo', 'analyze', 1, 'ready', 5321, 0, 0),
	('site_01m80a9pnm8paathqae2xrkqxy', 'demo', '', 1, 'ready', 5321, 1, 1),
	('site_01m80a9pnm8paathqae2xrkqxy', 'demo', 'analyze', 1, 'ready', 5312, 1, 1);
INSERT INTO public.sites VALUES
	('site_01m80a9pm6062kyr10hnkavk07', 'beamline', '', 'agent_01m80a9pm5q0ca2hvdnkgjxcwa', false, NULL, '{storage,instrument}', 0, 0, NULL, NULL, false, '{"host": "127.0.0.1", "port": 9, "fingerprint": null}', '0.0.0-test', 'agent-host', '2026-11-22 00:25:33.629+00', false, 0, NULL, NULL, '2026-11-22 00:25:33.573+00', '{}', '{"allow": "templates", "digests": []}', NULL, '[]', '{}'),
	('site_01m80a9pnm8paathqae2xrkqxy', 'centre', '', 'agent_01m80a9pnhs8s54ck3aj27hcsd', false, NULL, '{compute,storage}', 4, 1, 'local', 'centre-scratch', true, NULL, '0.0.0-test', 'agent-host', '2026-11-22 00:25:33.655+00', false, 0, NULL, NULL, '2026-11-22 00:25:33.617+00', '{}', '{"allow": "templates", "digests": []}', NULL, '[{"name": "default", "queue": null, "account": null, "settings": {"paused": false, "minWarm": 1, "maxPilots": 1, "idleSeconds": 300, "nodesPerPilot": 1, "walltimeSeconds": 28800}, "urgencies": ["urgent", "normal", "backfill"], "gpusPerNode": 0, "preemptable": false, "coresPerNode": 4, "memoryBytesPerNode": 0}]', '{}');
INSERT INTO public.tokens VALUES
	('token_01m80a9p4pzwkya5s7gffq11ff', 'token', 'user_01m80a9p4mhhxn04ywmgz9wzzx', NULL, 'local administrator', '\x98f792fffccebeb706d0eeec13742fb3ef479f385255b8b7f4263bbfc7acaf57', '2026-11-22 00:25:33.078+00', '2026-11-22 00:25:33.502+00', NULL, NULL, NULL),
	('token_01m80a9pm77m0hz16xekraz0qn', 'agent', NULL, 'agent_01m80a9pm5q0ca2hvdnkgjxcwa', 'beamline', '\xd315a44f1c2dfedfb547d4b41356412acd1497bd8fd3c13408b8af68c4e3c94a', '2026-11-22 00:25:33.573+00', NULL, NULL, NULL, NULL),
	('token_01m80a9pp0txq1xwx3ks1mxfc3', 'agent', NULL, 'agent_01m80a9pnhs8s54ck3aj27hcsd', 'centre', '\x14fb5f893a56d3ac5756eba554067ee6d3c4f7a6ad6135f57c7d62b7afb68afa', '2026-11-22 00:25:33.617+00', NULL, NULL, NULL, NULL),
	('token_01m80a9prw82hzsk2zjjaejkpk', 'token', 'user_01m80a9prgjk1v2v7vnr1b1mpm', NULL, '', '\x045a3530d8726145a5e568707f9679c82e3c29c2043912f6d57ca5bc418e25bd', '2026-11-22 00:25:33.724+00', NULL, NULL, NULL, NULL);
INSERT INTO public.transfers VALUES
	('transfer_01m80a9ptybsk443wxm7qg2myg', 'inputs of job_01m80a9ptq4ggq23xye3z4zdk4', 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', 'job_01m80a9ptq4ggq23xye3z4zdk4', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', NULL, 'raw', 'centre-scratch', '[{"source": "raw:/shots/shot_7.h5", "recursive": false, "destination": "centre-scratch:/jobs/job_01m80a9ptq4ggq23xye3z4zdk4/in/file/shot_7.h5"}]', 'active', NULL, 1, 'ticket_wHfYp5gQypJlGRC5RmmQwabCFxMkcaO9H11HN8u9kXY', NULL, 0, NULL, 0, '[]', '2026-11-22 00:25:33.783+00', '2026-11-22 00:25:33.783+00', NULL);
INSERT INTO public.trigger_firings VALUES
	('every-shot', 'dataset_01m80a9ptbh2v8ym897assbyzz', 'flowrun_01m80a9ptdrwaf7zr50r3c7x0w', '2026-11-22 00:25:33.773+00');
INSERT INTO public.triggers VALUES
	('every-shot', 'trigger_01m80a9prag5znvmr45xm3k3a4', true, 'tokamak', '/shots/*.h5', 'answer', '{}', '"nextShot"', 0, 'demo', 'user_01m80a9p4mhhxn04ywmgz9wzzx', '2026-11-22 00:25:33.706+00');
INSERT INTO public.users VALUES
	('user_01m80a9p4mhhxn04ywmgz9wzzx', 'admin', 'Administrator', 'user', true, '2026-11-22 00:25:33.071+00'),
	('user_01m80a9prgjk1v2v7vnr1b1mpm', 'ada', '', 'user', false, '2026-11-22 00:25:33.712+00');
SELECT pg_catalog.setval('public.events_id_seq', 33, true);
SELECT pg_catalog.setval('public.job_specs_id_seq', 2, true);
SELECT pg_catalog.setval('public.placements_id_seq', 4, true);
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
    ADD CONSTRAINT trigger_firings_pkey PRIMARY KEY (trigger_name, dataset_id);
ALTER TABLE ONLY public.triggers
    ADD CONSTRAINT triggers_id_key UNIQUE (id);
ALTER TABLE ONLY public.triggers
    ADD CONSTRAINT triggers_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_name_key UNIQUE (name);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
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
CREATE INDEX flow_runs_by_instrument ON public.flow_runs USING btree (instrument, id) WHERE (instrument IS NOT NULL);
CREATE INDEX flow_runs_by_owner ON public.flow_runs USING btree (owner_id, id);
CREATE INDEX flow_runs_by_project ON public.flow_runs USING btree (project, id);
CREATE INDEX flow_runs_by_status ON public.flow_runs USING btree (status, id);
CREATE INDEX flow_runs_to_wake ON public.flow_runs USING btree (wake_at) WHERE ((wake_at IS NOT NULL) AND (status = 'ACTIVE'::text));
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
CREATE INDEX tokens_by_job ON public.tokens USING btree (job_id) WHERE (job_id IS NOT NULL);
CREATE INDEX transfers_by_flow_run ON public.transfers USING btree (flow_run_id) WHERE (flow_run_id IS NOT NULL);
CREATE INDEX transfers_by_job ON public.transfers USING btree (job_id) WHERE (job_id IS NOT NULL);
CREATE INDEX transfers_by_project ON public.transfers USING btree (project, id);
CREATE INDEX transfers_open ON public.transfers USING btree (state, id) WHERE (state = ANY (ARRAY['queued'::text, 'active'::text]));
CREATE INDEX triggers_by_instrument ON public.triggers USING btree (instrument) WHERE enabled;
CREATE TRIGGER jobs_added AFTER INSERT ON public.jobs REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.note_site_loads();
CREATE TRIGGER jobs_changed AFTER UPDATE ON public.jobs REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.note_site_loads();
CREATE TRIGGER jobs_gone AFTER DELETE ON public.jobs REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.note_site_loads();
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
ALTER TABLE ONLY public.shots
    ADD CONSTRAINT shots_instrument_fkey FOREIGN KEY (instrument) REFERENCES public.instruments(name) ON DELETE CASCADE;
ALTER TABLE ONLY public.site_samples
    ADD CONSTRAINT site_samples_site_id_fkey FOREIGN KEY (site_id) REFERENCES public.sites(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
