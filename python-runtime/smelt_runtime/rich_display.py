"""Values as MIME bundles: the `_repr_*_` protocol that IPython made common."""

from __future__ import annotations

from typing import Any

from smelt_runtime.class_names import name_of

METHODS = (
    ("_repr_html_", "text/html"),
    ("_repr_markdown_", "text/markdown"),
    ("_repr_svg_", "image/svg+xml"),
    ("_repr_png_", "image/png"),
    ("_repr_jpeg_", "image/jpeg"),
    ("_repr_latex_", "text/latex"),
    ("_repr_json_", "application/json"),
)

LONGEST_TEXT = 100_000
"""Characters of text/plain; a reader of more wants a file."""


def mime_bundle(value: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """All MIME types that a value offers, and their metadata. A method that raises offers nothing."""
    data: dict[str, Any] = {}
    metadata: dict[str, Any] = {}
    if not isinstance(value, type):
        whole = _call(value, "_repr_mimebundle_")
        if isinstance(whole, tuple):
            whole, metadata = whole
        if isinstance(whole, dict):
            data.update(whole)
        for method, mime in METHODS:
            if mime not in data:
                found = _call(value, method)
                if isinstance(found, tuple) and len(found) == 2:  # data and metadata
                    found, metadata[mime] = found
                if found is not None:
                    data[mime] = found
    if "text/plain" not in data:
        data["text/plain"] = text_of(value)
    return encode_bundle(data), metadata


def text_of(value: object) -> str:
    """repr(), cut at LONGEST_TEXT; a repr that raises says so instead."""
    try:
        text = repr(value)
    except Exception as error:
        text = f"<{name_of(type(value))}: __repr__ raised {type(error).__name__}: {error}>"
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}… ({len(text) - LONGEST_TEXT} more characters)"
    return text


def encode_bundle(data: dict[str, Any]) -> dict[str, Any]:
    """Bytes as base64 text, as Jupyter does."""
    if not any(isinstance(value, bytes) for value in data.values()):
        return data
    import base64

    return {
        mime: base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for mime, value in data.items()
    }


def _call(value: object, method: str) -> Any:
    try:
        found = getattr(value, method, None)
        return found() if callable(found) else None
    except Exception:
        return None
