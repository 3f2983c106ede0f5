"""The server without the page answers where torch is not installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None  # importing it fails now
import json
from pathlib import Path
from starlette.testclient import TestClient
from impasto import samples
from impasto.service.http.app import create_app
from impasto.service.jobs.store import Store

store = Store(data=Path(sys.argv[1]))
files = {"content": samples.content("chelsea"), "styles": samples.style("swirls")}
with TestClient(create_app(store, page=False), base_url="http://localhost") as client:
    posted = client.post(
        "/api/jobs",
        data={"settings": json.dumps({"steps": 4})},
        files={field: path.read_bytes() for field, path in files.items()},
    )
    assert posted.status_code == 202, posted.text
    listed = client.get("/api/jobs").json()["jobs"]
    cancelled = client.delete("/api/jobs/" + posted.json()["id"])
store.close()
loaded = any(name.startswith("torch.") for name in sys.modules)
same = [job["id"] for job in listed] == [posted.json()["id"]]
print(json.dumps([posted.status_code, same, cancelled.json()["state"], loaded]))
"""


def test_a_job_is_posted_listed_and_cancelled_without_torch(tmp_path: Path) -> None:
    variables = {k: v for k, v in os.environ.items() if k != "IMPASTO_DATABASE_URL"}
    command = [sys.executable, "-c", WITHOUT_TORCH, str(tmp_path / "data")]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=variables, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [202, True, "cancelled", False]
