"""Security headers, on every response of both sites, errors and files included (security.md section 3)."""

from flask import Flask, Response, request

from tracker.web.guard import SESSIONLESS

COMMON = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}
LOCKED = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'"
)
DESK = {
    **COMMON,
    "Content-Security-Policy": LOCKED + "; script-src 'self'; connect-src 'self'; font-src 'self'",
    "Referrer-Policy": "same-origin",
}
PUBLIC = {**COMMON, "Content-Security-Policy": LOCKED, "Referrer-Policy": "no-referrer"}
#: A file that somebody sent us never runs anything in the reader's browser.
FILE_POLICY = "sandbox; default-src 'none'"
HSTS = "max-age=63072000; includeSubDomains"


def install(app: Flask, *, public: bool, https: bool) -> None:
    """Set the headers on every response of the app; a response may bring a tighter policy of its own."""
    fixed = {**(PUBLIC if public else DESK), **({"Strict-Transport-Security": HSTS} if https else {})}

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in fixed.items():
            response.headers.setdefault(name, value)
        if not public and request.endpoint not in SESSIONLESS:
            response.headers["Cache-Control"] = "no-store"
            response.vary.add("Cookie")
        return response
