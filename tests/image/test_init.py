import impasto.image


def test_every_public_name_is_there_once() -> None:
    names = impasto.image.__all__
    assert all(hasattr(impasto.image, name) for name in names)
    assert len(names) == len(set(names))
