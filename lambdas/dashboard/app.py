"""The dashboard's app over whatever ports it is given."""

from fastapi import FastAPI

from lambdas.dashboard import feed_routes, routes
from lambdas.dashboard.ports import Ports, Service
from lambdas.service.application import bare_app
from lambdas.service.discretion import Discretion


def create_app(ports: Ports) -> FastAPI:
    """Return the app; nothing is asked of its ports before the first request."""
    app = bare_app("Dashboard")
    app.state.service = Service(ports)
    app.include_router(routes.router)
    app.include_router(feed_routes.router)
    # Last, and so outside of all others: whatever is answered, no feed's key is logged.
    app.add_middleware(Discretion)
    return app
