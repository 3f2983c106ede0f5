from impasto.chinese import _SIMPLIFIED, _TRADITIONAL, is_chinese, simplified


def test_every_traditional_character_has_one_simplified_one() -> None:
    assert len(_TRADITIONAL) == len(_SIMPLIFIED) == len(set(_TRADITIONAL))
    assert all(map(is_chinese, _TRADITIONAL + _SIMPLIFIED))


def test_simplifying_twice_changes_nothing_more() -> None:
    text = simplified("濃墨、淡彩，５０％；筆觸細　Red")
    assert simplified(text) == text == "浓墨、淡彩,50%;笔触细 Red"
