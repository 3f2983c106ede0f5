"""A photograph and a style in, a painting out: impasto behind an endpoint of your own.

pip install 'impasto[web]'
uvicorn fastapi_app:app
curl -F photo=@photo.jpg -F style=@painting.jpg http://127.0.0.1:8000/paint -o painted.png
"""

from __future__ import annotations

from threading import Lock
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request, Response, UploadFile
from fastapi.responses import JSONResponse

import impasto
from impasto.errors import InputError

# Of each upload. The server has it on disk by then: let a proxy in front refuse longer bodies.
MOST_BYTES = 20 * 2**20
# Not for visitors to choose: pixels and steps are what a painting costs.
SETTINGS = impasto.StyleSettings(size=512, steps=120, max_megapixels=30)

app = FastAPI(title="Paint")
brush = Lock()


@app.exception_handler(impasto.ImpastoError)
def explain(_request: Request, error: impasto.ImpastoError) -> JSONResponse:
    # The message is a sentence for people: what they gave, what is allowed, what to do.
    status = 422 if isinstance(error, InputError) else 503
    return JSONResponse({"detail": str(error)}, status)


# A plain function, since FastAPI gives that a thread: painting would stop an async server.
@app.post("/paint", response_class=Response)
def paint(
    photo: UploadFile, style: UploadFile, strength: Annotated[float, Form(ge=0, le=1)] = 0.5
) -> Response:
    for upload in (photo, style):
        if upload.size is None or upload.size > MOST_BYTES:
            raise HTTPException(413, f"a picture may have {MOST_BYTES:,} bytes: send a smaller one")
    # A painting takes every core: of two at once both would be late, and memory might not do.
    if not brush.acquire(blocking=False):
        wait = {"Retry-After": "30"}
        raise HTTPException(503, "somebody else's picture is being painted: try again soon", wait)
    try:
        # The plain file inside the upload is read from its start; its name is never looked at.
        result = impasto.stylize(photo.file, style.file, SETTINGS, strength=strength)
    finally:
        brush.release()
    return Response(result.to_bytes("PNG"), media_type="image/png")
