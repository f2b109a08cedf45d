"""排名: figures that a director can work out again by hand."""

import pytest

from hpf.workplan.rules.ranking import RULE, Tally, rank, rule_text


def test_the_score_is_the_weighted_mean_shown_with_its_shares() -> None:
    (line,) = rank([Tally(1, "兰州", due=8, on_time=6, accepted=5, measured=3, met=2)])
    assert (line.place, line.score) == (1, "69.58")  # 50 x 6/8 + 30 x 5/8 + 20 x 2/3
    assert [share.text for share in line.shares] == ["75.00%（6/8）", "62.50%（5/8）", "66.67%（2/3）"]


def test_a_share_with_nothing_due_leaves_its_weight_to_the_others() -> None:
    (line,) = rank([Tally(1, "兰州", due=8, on_time=6, accepted=5)])
    assert line.score == "70.31"  # (50 x 6/8 + 30 x 5/8) / 80
    assert line.shares[2].text == "无到期事项"


def test_equal_scores_are_told_apart_by_the_shares_and_the_page_says_so() -> None:
    first, second = rank([Tally(2, "嘉峪关", 10, 4, 10, 10, 5), Tally(1, "兰州", 10, 10, 0, 10, 5)])
    assert (first.name, first.score, second.score) == ("兰州", "60.00", "60.00")
    assert (first.place, second.place) == (1, 2)
    assert first.tie == "与嘉峪关得分相同，按按时率、认可率、达标率依次比较确定名次"


def test_equal_in_everything_is_an_equal_place_and_the_next_is_left_out() -> None:
    lines = rank([Tally(3, "金昌", 4, 1, 1), Tally(2, "嘉峪关", 4, 4, 4), Tally(1, "兰州", 8, 8, 8)])
    assert [(line.place, line.name) for line in lines] == [(1, "兰州"), (1, "嘉峪关"), (3, "金昌")]
    assert lines[1].tie == "与兰州各项全部相同，名次并列"


def test_who_has_nothing_due_has_no_place_and_does_not_stand_first() -> None:
    lines = rank([Tally(1, "兰州", 0, 0, 0), Tally(2, "嘉峪关", 4, 0, 0)])
    assert [(line.place, line.name, line.score) for line in lines] == [(1, "嘉峪关", "0.00"), (None, "兰州", "")]
    assert lines[1].tie == "本期没有到期事项，不参加排名"


def test_the_rule_is_data_that_the_page_shows() -> None:
    assert sum(part.weight for part in RULE) == 100
    assert rule_text()[0] == "得分＝各项比率按权重平均：按时率占50%、认可率占30%、达标率占20%。"
    other = (RULE[0],)
    assert rank([Tally(1, "兰州", 3, 2, 0)], other)[0].score == "66.67"


def test_a_part_larger_than_its_whole_is_an_error() -> None:
    with pytest.raises(ValueError, match="larger than its whole"):
        Tally(1, "兰州", due=2, on_time=3, accepted=0)
