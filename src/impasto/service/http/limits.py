"""What the studio takes from outside, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """What is refused, and when.

    Attributes:
        max_upload_mb: of one request, all its pictures together, in 10^6 bytes.
        max_megapixels: of one picture, by its header; and the most that `max_megapixels` of the
            settings may say.
        max_styles: style images of one job.
        max_settings_kb: of the settings, as JSON.
        max_queued: jobs that wait or run, of all clients.
        max_per_client: likewise, of one client.
        requests_per_s: of one client, on average.
        burst: requests of one client at once.
        wrong_tokens: of one client before it has to wait, and then one every ten seconds.
        streams: event streams that are open at the same time.
        idle_s: seconds that may pass between two parts of a request's body.
        answer_s: seconds until an answer begins.

    Example:
        >>> Limits(max_upload_mb=0.5).max_upload_bytes
        500000
    """

    max_upload_mb: float = 32.0
    max_megapixels: float = 100.0
    max_styles: int = 8
    max_settings_kb: int = 64
    max_queued: int = 100
    max_per_client: int = 50
    requests_per_s: float = 100.0
    burst: int = 400
    wrong_tokens: int = 10
    streams: int = 256
    idle_s: float = 30.0
    answer_s: float = 300.0

    @property
    def max_upload_bytes(self) -> int:
        """Of one request's body."""
        return round(self.max_upload_mb * 1e6)
