"""The headers that tell a browser what an answer may do: as little as it can."""

from __future__ import annotations

__all__ = ["API_POLICY", "PAGE_POLICY", "security_headers"]

API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

# Gradio writes scripts and styles into its page, so these two have to be allowed 'unsafe-inline';
# everything, whatever its kind, still comes from this host alone.
PAGE_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ]
)
_API = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def security_headers(path: str) -> dict[str, str]:
    """What an answer carries unless it says otherwise itself.

    Example:
        >>> security_headers("/api/jobs")["Content-Security-Policy"].split(";")[0]
        "default-src 'none'"
    """
    api = path.startswith(_API)
    headers = {**_ALWAYS, "Content-Security-Policy": API_POLICY if api else PAGE_POLICY}
    return headers | ({"Cache-Control": "no-store"} if api else {})
