import impasto.imaging


def test_every_public_name_is_there_once() -> None:
    names = impasto.imaging.__all__
    assert all(hasattr(impasto.imaging, name) for name in names)
    assert len(names) == len(set(names))
