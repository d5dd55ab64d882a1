-- Two roles: the owner migrates, the application reads and writes rows. Run once as a superuser of PostgreSQL, with
--   psql -v ON_ERROR_STOP=1 -d genealogy -f deploy/roles.sql
-- and again after each upgrade (tables that are new get their grants by the default privileges; the append-only ones
-- are named here). Set both passwords afterwards with \password.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'genealogy_owner') THEN CREATE ROLE genealogy_owner LOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'genealogy_app') THEN CREATE ROLE genealogy_app LOGIN; END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO genealogy_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO genealogy_app', current_database());
END $$;
ALTER SCHEMA public OWNER TO genealogy_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO genealogy_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO genealogy_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO genealogy_app;
ALTER DEFAULT PRIVILEGES FOR ROLE genealogy_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO genealogy_app;
ALTER DEFAULT PRIVILEGES FOR ROLE genealogy_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO genealogy_app;

-- A machine that is suspended in the midst of a page holds its harvest locked: after this time the others go on.
ALTER ROLE genealogy_app SET idle_in_transaction_session_timeout = '15min';

-- After an erasure, “rights scrub --whole” as the owner overwrites the write-ahead log too.
GRANT pg_monitor TO genealogy_owner;
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO genealogy_owner;
DO $$
BEGIN
    IF current_setting('server_version_num')::int >= 150000 THEN EXECUTE 'GRANT pg_checkpoint TO genealogy_owner'; END IF;
END $$;

-- Append-only: the triggers refuse changes already; without the right the application cannot even try. What is past its
-- period is deleted by the application, and the triggers look at the date.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['lineage_consultation', 'lineage_disclosure', 'rights_journalentry'] LOOP
        IF to_regclass('public.' || name) IS NOT NULL THEN
            EXECUTE format('REVOKE UPDATE, TRUNCATE ON %I FROM genealogy_app', name);
        END IF;
    END LOOP;
    IF to_regclass('rights_notice') IS NOT NULL THEN
        REVOKE TRUNCATE ON rights_notice FROM genealogy_app;  -- a draft is changed until it is published
    END IF;
    -- Fresh statistics within a harvest: before PostgreSQL 17 only the owner may make them, see docs/deployment.md.
    IF current_setting('server_version_num')::int >= 170000 THEN
        EXECUTE 'GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO genealogy_app';
    END IF;
END $$;
