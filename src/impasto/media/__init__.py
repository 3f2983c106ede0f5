"""Films: files in and out, and how their pictures move. The extra `video` brings what it needs."""
