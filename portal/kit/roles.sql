-- Roles and rights of the portal, for one database of one server (PostgreSQL 15 or newer).
--
-- The embedded server runs this by itself. On a server of your own, once and after each upgrade of the portal, as a
-- superuser (from PostgreSQL 16 on, a role with CREATEROLE, CREATEDB and BYPASSRLS will do):
--
--     createdb portal                                   # once
--     psql -v ON_ERROR_STOP=1 -d portal -f portal/kit/roles.sql
--     psql -d portal -c '\password portal_app'          # likewise portal_owner and portal_backup
--
-- It can be repeated at any time: it makes what is missing and refuses roles that may do more than they should.
--
--   portal_owner    owns every table, runs the migrations
--   portal_app      web and worker: no DDL, row level security applies
--   portal_definer  cannot log in; owns the few functions that look across companies, with policies of its own
--   portal_backup   reads everything, past row level security; a dump by any other role would silently be empty

BEGIN;

SELECT pg_advisory_xact_lock(7361942);  -- two starts at once: the second waits, then finds everything done

DO $$
DECLARE
    wrong text;
BEGIN
    -- NOINHERIT: the owner may hand a function to portal_definer, or SET ROLE to replace it, but the policies written
    -- for portal_definer do not silently apply to the owner as well.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_owner') THEN
        CREATE ROLE portal_owner LOGIN NOINHERIT;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN
        CREATE ROLE portal_app LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_definer') THEN
        CREATE ROLE portal_definer NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_backup') THEN
        CREATE ROLE portal_backup LOGIN BYPASSRLS;
    END IF;

    SELECT string_agg(rolname, ', ') INTO wrong
      FROM pg_roles
     WHERE rolname IN ('portal_owner', 'portal_app', 'portal_definer', 'portal_backup')
       AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication
            OR rolbypassrls <> (rolname = 'portal_backup')
            OR rolcanlogin <> (rolname <> 'portal_definer')
            OR (rolname = 'portal_owner' AND rolinherit));
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Wrong attributes of role(s) %: drop or alter them to match portal/kit/roles.sql', wrong;
    END IF;

    -- A managed service's administrator is no superuser and must belong to a role to act for it. Membership by way of
    -- CREATEROLE alone (PostgreSQL 16+) is without INHERIT and SET, hence the question is for the privileges.
    IF NOT pg_has_role('portal_owner', 'USAGE') THEN
        EXECUTE format('GRANT portal_owner TO %I', current_user);
    END IF;
    IF NOT pg_has_role('portal_definer', 'USAGE') THEN
        EXECUTE format('GRANT portal_definer TO %I', current_user);
    END IF;
    IF NOT pg_has_role('portal_owner', 'portal_definer', 'MEMBER') THEN
        GRANT portal_definer TO portal_owner;
    END IF;

    EXECUTE format('ALTER DATABASE %I OWNER TO portal_owner', current_database());
    -- No TEMPORARY for portal_app: a temporary table could stand in front of a real one inside a function.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO portal_app, portal_backup', current_database());
END
$$;

ALTER SCHEMA public OWNER TO portal_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_app, portal_definer, portal_backup;
GRANT CREATE ON SCHEMA public TO portal_definer;  -- needed to own a function, not to log in and make one

-- What comes later: nobody may call a new function until a migration says who; a backup reads each new table.
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_definer REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT ON TABLES TO portal_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT ON SEQUENCES TO portal_backup;

-- What is there already, for a database from before this file.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO portal_backup;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO portal_backup;

COMMIT;
