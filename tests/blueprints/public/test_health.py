"""What load balancers and monitoring ask."""

from dataclasses import replace

import pytest

import wsgi


class TestAlive:
    def test_it_says_so_even_without_a_database(self, worker_app):
        settings = worker_app.config["PORTAL"].with_addresses("postgresql+psycopg://u@127.0.0.1:1/x", "postgresql://")
        answer = wsgi.create_app(settings).test_client().get("/healthz")
        assert answer.status_code == 200 and answer.json == {"status": "alive"}


class TestReady:
    def test_without_a_database_it_is_not(self, worker_app):
        settings = worker_app.config["PORTAL"].with_addresses("postgresql+psycopg://u@127.0.0.1:1/x", "postgresql://")
        answer = wsgi.create_app(settings).test_client().get("/readyz")
        assert answer.status_code == 503
        assert answer.json["reason"] == "The database does not answer as it should."

    def test_at_another_migration_it_is_not(self, client, superuser):
        (version,) = superuser.execute("SELECT version_num FROM alembic_version").fetchone()
        superuser.execute("UPDATE alembic_version SET version_num = 'older'")
        try:
            assert "another migration" in client.get("/readyz").json["reason"]
        finally:
            superuser.execute("UPDATE alembic_version SET version_num = %s", [version])

    def test_otherwise_it_is(self, client):
        assert client.get("/readyz").json == {"status": "ready"}


class TestMetrics:
    @pytest.mark.parametrize(
        "asking", [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, {"REMOTE_ADDR": "nobody"}]
    )
    def test_others_find_nothing(self, client, asking):
        assert client.get("/metrics", environ_base=asking).status_code == 404

    def test_a_wrong_token_does_not_help(self, client, app, monkeypatch):
        monkeypatch.setitem(app.config, "PORTAL", replace(app.config["PORTAL"], metrics_token="right"))
        asking = {"REMOTE_ADDR": "203.0.113.9"}
        wrong = client.get("/metrics", environ_base=asking, headers={"Authorization": "Bearer wrong"})
        right = client.get("/metrics", environ_base=asking, headers={"Authorization": "Bearer right"})
        assert (wrong.status_code, right.status_code) == (404, 200)

    def test_this_machine_reads_counters_that_count(self, client):
        client.get("/healthz")
        lines = client.get("/metrics").get_data(as_text=True)
        assert 'portal_requests_total{endpoint="public.healthz",method="GET",status="200"}' in lines
