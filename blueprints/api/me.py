"""Who asks: for trying a token out."""

from blueprints.api.schemas.me import Me, MeCompany, MePerson, MeToken
from blueprints.api.spec import documented
from blueprints.shared.actor import require_actor
from blueprints.shared.bearer import TokenNeeded, current_bearer
from blueprints.shared.routes import Routes, signed_in

routes = Routes()


@routes.get("/me")
@signed_in
@documented(Me, "Me")
def show_me() -> Me:
    """Show whom the token acts for, and what it may do now."""
    actor, bearer = require_actor(), current_bearer()
    if bearer is None:
        raise TokenNeeded
    return Me(
        person=MePerson(id=actor.person_id, name=actor.person_name, email=actor.email, timezone=actor.timezone),
        company=MeCompany(id=actor.company_id, name=actor.company_name, kind=actor.company_kind),
        role=actor.role,
        permissions=sorted(actor.permissions),
        token=MeToken(name=bearer.name, scope=bearer.scope, expires_at=bearer.expires_at),
    )
