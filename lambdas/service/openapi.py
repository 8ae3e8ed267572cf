"""An app's routes as OpenAPI 3.1: what FastAPI knows of their parameters, and what they promise beside.

No handler imports this: it is asked when the reference is written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from lambdas.service.promises import JSON, PAGE, Promise, promise_of

_REF: Final = "#/components/schemas/{model}"

_ANYWHERE: Final[Mapping[int, Sequence[str]]] = {
    413: ("body_too_large",),
    500: ("internal",),
    503: ("unavailable",),
}
"""What can become of any request."""

_WORDS: Final[Mapping[int, str]] = {
    400: "The request is malformed",
    401: "The key is missing or wrong",
    403: "Not open to this caller",
    404: "There is no such thing, or nothing at this path",
    409: "It does not go with what is there",
    410: "It was good once, and is no more",
    413: "The body is too large",
    415: "The body is of another kind",
    422: "The request was understood and cannot be done; `field` says where",
    429: "Too many of these for now",
    500: "A fault of the service; its log says which",
    502: "A part behind the service left it open whether it is done",
    503: "A part behind the service did not answer, or time ran out: nothing is half done, ask again",
}

_AGAIN: Final = {
    "Retry-After": {"description": "Seconds", "required": True, "schema": {"type": "string", "pattern": "^[0-9]+$"}}
}


def describe(app: FastAPI, *, description: str, people: str = "", version: str = "1") -> dict[str, Any]:
    """Return an app's OpenAPI document, the same for the same app; below `people` refusals are pages."""
    forms = _Forms()
    document = dict(app.openapi())
    document["info"] = {"title": app.title, "version": version, "description": description}
    schemas = document.pop("components", {}).get("schemas", {})
    keys: set[str] = set()
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            promise = _whole(context)
            keys.update(promise.keys)
            path = document["paths"].get(context.path_format, {})
            media = PAGE if people and str(context.path_format).startswith(people) else JSON
            for method in sorted(context.methods or ()):
                if known := path.get(method.lower()):
                    path[method.lower()] = _operation(context, known, promise, forms, refused_as=media)
    kept = {name: form for name, form in schemas.items() if not name.endswith("ValidationError")}
    document["components"] = {"schemas": dict(sorted({**kept, **forms.made()}.items()))}
    if keys:
        schemes = {key: {"type": "apiKey", "in": "header", "name": key} for key in sorted(keys)}
        document["components"]["securitySchemes"] = schemes
    return document


def _whole(context: RouteContext) -> Promise:
    """Return what a route and all that it depends on promise together."""
    whole = Promise()
    for called in _called(context.dependant):
        one = promise_of(called)
        whole.answers.update(one.answers)
        for status, errors in one.refuses.items():
            whole.refuses.setdefault(status, []).extend(errors)
        whole.bodies.extend(body for body in one.bodies if body not in whole.bodies)
        whole.headers.extend(header for header in one.headers if header not in whole.headers)
        whole.keys.extend(key for key in one.keys if key not in whole.keys)
    return whole


def _called(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for other in dependant.dependencies:
        yield from _called(other)


def _operation(
    context: RouteContext, known: Mapping[str, Any], promise: Promise, forms: "_Forms", *, refused_as: str
) -> dict[str, Any]:
    by_hand = [
        {"name": header.name, "in": "header", "required": header.required, "schema": header.form}
        for header in promise.headers
    ]
    named = {header.name.lower() for header in promise.headers}
    stated = [
        {**one, "schema": {name: part for name, part in one["schema"].items() if name not in {"title", "default"}}}
        for one in known.get("parameters", [])
        if not (one["in"] == "header" and one["name"] in named)
    ]
    return {
        "operationId": context.name,
        "summary": str(known["description"]).splitlines()[0].rstrip("."),
        **({"parameters": stated + by_hand} if stated or by_hand else {}),
        **({"requestBody": _body(promise, forms)} if promise.bodies else {}),
        "responses": _responses(promise, forms, parameters=stated, refused_as=refused_as),
        **({"security": [{key: []} for key in promise.keys]} if promise.keys else {}),
    }


def _body(promise: Promise, forms: "_Forms") -> dict[str, Any]:
    by_media: dict[str, list[Any]] = {}
    for media, form in promise.bodies:
        by_media.setdefault(media, []).append(forms.of(form, "validation"))
    content = {media: {"schema": {"anyOf": many} if len(many) > 1 else many[0]} for media, many in by_media.items()}
    return {"required": JSON in by_media, "content": content}


def _responses(
    promise: Promise, forms: "_Forms", *, parameters: Sequence[Mapping[str, Any]], refused_as: str
) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, (media, form) in promise.answers.items():
        content = {media: {"schema": forms.of(form, "serialization") if form else {"type": "string"}}} if media else {}
        responses[str(status)] = {"description": HTTPStatus(status).phrase, **({"content": content} if content else {})}
    refused = {status: list(errors) for status, errors in promise.refuses.items()}
    for status, errors in _ANYWHERE.items():
        refused.setdefault(status, []).extend(errors)
    if any(parameter["in"] == "path" for parameter in parameters):
        refused.setdefault(404, []).append("not_found")
    if any(parameter["schema"] != {"type": "string"} for parameter in parameters):
        refused.setdefault(422, []).append("invalid_field")
    for status, errors in refused.items():
        answer = responses.setdefault(str(status), {"description": _WORDS[status]})
        # Who did not come through a site is a program, and gets no page.
        media = JSON if status == HTTPStatus.FORBIDDEN else refused_as
        form = {"type": "string"} if media == PAGE else forms.refusal(errors)
        answer.setdefault("content", {})[media] = {"schema": form}
    for later in {"429", "503"} & responses.keys():
        responses[later]["headers"] = _AGAIN
    return dict(sorted(responses.items()))


class _Forms:
    """The forms of bodies and answers, each by its name."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def of(self, form: Any, mode: JsonSchemaMode) -> dict[str, Any]:
        """Return a reference to a model's or a TypedDict's form."""
        if form is bytes:
            return {"type": "string"}
        is_model = isinstance(form, type) and issubclass(form, BaseModel)
        adapter: TypeAdapter[Any] = TypeAdapter(form)
        schema = adapter.json_schema(ref_template=_REF, mode=mode, schema_generator=_Generator)
        self._made.update(schema.pop("$defs", {}))
        name = str(form.__name__)
        assert is_model or schema.get("type") == "object", name  # noqa: S101 - a fault of ours
        self._made[name] = schema
        return {"$ref": _REF.format(model=name)}

    def refusal(self, errors: Sequence[str]) -> dict[str, Any]:
        """Return the one form of refusals, with what they may be called here."""
        self._made["Refusal"] = _REFUSAL
        named = {"properties": {"error": {"enum": sorted(set(errors))}}}
        return {"allOf": [{"$ref": _REF.format(model="Refusal")}, named]}

    def made(self) -> Mapping[str, Any]:
        """Return the forms by name."""
        return self._made


class _Generator(GenerateJsonSchema):
    """Leaves out the defaults of changes, since what was not sent stays, and titles, which only repeat names."""

    def default_schema(self, schema: Any) -> Any:
        """Return a field's form without its default."""
        return self.generate_inner(schema["schema"])

    def decimal_schema(self, schema: Any) -> Any:
        """Return a number's form: as text it is not taken."""
        bounds = {"ge": "minimum", "le": "maximum"}
        return {"type": "number", **{bounds[name]: float(schema[name]) for name in bounds if name in schema}}

    def field_title_should_be_set(self, _: Any) -> bool:
        """Set no field's title."""
        return False


_REFUSAL: Final = {
    "type": "object",
    "properties": {
        "error": {"type": "string", "description": "What it is, for a program"},
        "detail": {"type": "string", "description": "What it is, in words; never what was sent"},
        "field": {"type": ["string", "null"], "description": "Which field, parameter or header is meant"},
    },
    "required": ["error", "detail", "field"],
    "additionalProperties": False,
}
