"""The studio over HTTP: the API, its guard, and the page.

Open `app.py` to see it whole. The packages it stands on come with the extra `web`; nothing below
this folder knows them.
"""
