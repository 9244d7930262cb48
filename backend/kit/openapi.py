"""The OpenAPI document, with an example for every answer, put together from the examples of the fields."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi


def install(app: FastAPI) -> None:
    """Serves the app's OpenAPI document with examples, problem documents under their own media type."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                content = response.get("content", {})
                if int(status) >= 400 and "application/json" in content:
                    content["application/problem+json"] = content.pop("application/json")
                for media in content.values():
                    if "schema" in media and "example" not in media:
                        media["example"] = example(media["schema"], schemas)
    return document


def example(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 0) -> Any:
    """A value of a JSON schema: its example, default or first choice, or one made of those of its parts."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas, depth + 1)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "const" in schema:
        return schema["const"]
    choices = schema.get("anyOf") or schema.get("oneOf") or []
    if choices:
        return example(choices[0], schemas, depth)
    if schema.get("type") == "object":
        fields = schema.get("properties", {})
        return {name: example(field, schemas, depth + 1) for name, field in fields.items()}
    if schema.get("type") == "array":
        return [example(schema["items"], schemas, depth + 1)] if depth < 12 else []
    return {"integer": 1, "number": 1.0, "boolean": False, "string": "…"}.get(schema.get("type", ""))
