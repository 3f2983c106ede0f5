"""The store's side of the studio runs where torch is not installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WITHOUT_TORCH = """
import sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoTorch())
try:
    import torch
except ModuleNotFoundError:
    pass
else:
    raise SystemExit("torch can be found")

from pathlib import Path
from impasto.service import contract
from impasto.service.jobs import claims, database, files, heartbeat, log, supervisor
from impasto.service.jobs.store import Store
from impasto.settings import StyleSettings

store = Store(data=Path(sys.argv[1]))
photo, style = map(store.folder.keep_upload, (b"a photograph", b"a style"))
job = store.add(StyleSettings(size=64), {"content": photo, "style": style})
log.EventLog(store.folder.job(job.id) / "events.jsonl").close()
supervisor.Supervisor(Path(sys.argv[1]), workers=0).stop()
print([other.id for other in store.jobs()] == [job.id], store.cancel(job.id).state)
"""


def test_a_job_is_added_listed_and_cancelled_without_torch(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH, str(tmp_path / "data")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.stdout.split(), done.returncode) == (["True", "cancelled"], 0), done.stderr
