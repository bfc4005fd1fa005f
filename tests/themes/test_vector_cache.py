import sqlite3
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement_lib.themes import vector_cache
from engagement_lib.themes.encoders import CachedEncoder, TfidfEncoder, find_encoder


class Counting:
    """Two numbers a text, and how many texts it was ever asked for."""

    def __init__(self, name="counting"):
        self.name, self.asked = name, []

    def encode(self, texts):
        self.asked += texts
        return np.array([[len(text), sum(map(ord, text)) / 7] for text in texts], dtype=np.float32).reshape(-1, 2)


def encode(folder, texts, encoder=None):
    encoder = encoder or Counting()
    return CachedEncoder(encoder, folder).encode(texts), encoder.asked


def test_a_text_is_encoded_once(tmp_path):
    first, asked = encode(tmp_path, ["a", "bb", "a"])
    again, then = encode(tmp_path, ["bb", "a", "ccc"])
    assert (asked, then) == (["a", "bb"], ["ccc"])
    assert np.array_equal(again[:2], first[[1, 0]])


@given(st.lists(st.lists(st.text(max_size=5), max_size=6), max_size=4))
def test_vectors_are_those_of_the_encoder(tmp_path_factory, calls):
    folder = tmp_path_factory.mktemp("study")
    for texts in calls:
        assert np.array_equal(encode(folder, texts)[0], Counting().encode(texts))


def test_more_texts_than_one_query_takes(tmp_path):
    texts = [str(number) for number in range(1201)]
    first, _ = encode(tmp_path, texts)
    again, asked = encode(tmp_path, texts)
    assert asked == []
    assert np.array_equal(first, again)


def test_another_encoder_has_vectors_of_its_own(tmp_path):
    encode(tmp_path, ["a"])
    assert encode(tmp_path, ["a"], Counting("another"))[1] == ["a"]


def test_no_texts_have_the_shape_of_the_encoder(tmp_path):
    assert encode(tmp_path, [])[0].shape == (0, 2)


def test_a_vector_whose_hash_does_not_hold_is_computed_anew(tmp_path):
    right, _ = encode(tmp_path, ["a"])
    with sqlite3.connect(tmp_path / ".cache" / "vectors.db") as connection:
        connection.execute("UPDATE vectors SET vector = ?", (np.zeros(2, dtype="<f4").tobytes(),))
    connection.close()
    again, asked = encode(tmp_path, ["a"])
    assert asked == ["a"]
    assert np.array_equal(again, right)


def test_a_file_that_is_no_cache_is_set_aside(tmp_path):
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "vectors.db").write_bytes(b"not a database" * 100)
    encoder = CachedEncoder(Counting(), tmp_path)
    assert encoder.encode(["a"]).shape == (1, 2)
    assert encoder.notice.endswith("was no cache of vectors; it is now vectors.broken, and a new one was made.")
    assert (tmp_path / ".cache" / "vectors.broken").read_bytes().startswith(b"not a database")
    assert encode(tmp_path, ["a"])[1] == []


def test_a_broken_file_that_cannot_be_set_aside_costs_time_alone(tmp_path):
    (tmp_path / ".cache" / "vectors.broken" / "taken").mkdir(parents=True)
    (tmp_path / ".cache" / "vectors.db").write_bytes(b"not a database" * 100)
    assert [encode(tmp_path, ["a"])[1] for _ in range(2)] == [["a"], ["a"]]


def test_a_table_of_another_shape_costs_time_alone(tmp_path):
    (tmp_path / ".cache").mkdir()
    with sqlite3.connect(tmp_path / ".cache" / "vectors.db") as connection:
        connection.execute("CREATE TABLE vectors (text_key TEXT)")
    connection.close()
    assert [encode(tmp_path, ["a"])[1] for _ in range(2)] == [["a"], ["a"]]


def test_a_folder_that_does_not_exist_costs_time_alone(tmp_path):
    assert [encode(tmp_path / "gone", ["a"])[1] for _ in range(2)] == [["a"], ["a"]]


def test_several_may_use_a_cache_at_once(tmp_path):
    texts = [str(number) for number in range(300)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: encode(tmp_path, texts[start:])[0], range(0, 160, 20)))
    assert all(np.array_equal(vectors, found[0][20 * at :]) for at, vectors in enumerate(found))


def test_tfidf_is_fitted_to_its_texts_and_never_kept(tmp_path):
    assert isinstance(find_encoder("tfidf", cache=tmp_path), TfidfEncoder)


def test_minilm_keeps_its_vectors_in_the_study(tmp_path):
    (tmp_path / "study.toml").write_text('title = "Study"\n')
    encoder = find_encoder("minilm", cache=tmp_path)
    if isinstance(encoder, TfidfEncoder):
        pytest.skip("the weights of MiniLM are not installed")
    assert np.array_equal(encoder.encode(["more time"]), encoder.encode(["more time"]))
    assert (tmp_path / ".cache" / "vectors.db").exists()
    assert encoder.name == find_encoder("minilm").name


def test_a_folder_that_is_no_study_is_not_written_to(tmp_path):
    find_encoder("minilm", cache=tmp_path).encode(["more time"])
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_set_aside_is_told_of(tmp_path):
    (tmp_path / ".cache" / "vectors.broken" / "taken").mkdir(parents=True)
    (tmp_path / ".cache" / "vectors.db").write_bytes(b"not a database" * 100)
    encoder = CachedEncoder(Counting(), tmp_path)
    encoder.encode(["a"])
    assert encoder.notice.endswith("is no cache of vectors and cannot be set aside: vectors are computed anew each time.")


def test_a_cache_that_was_cut_short_gives_no_wrong_vector(tmp_path):
    texts = [str(number) for number in range(900)]
    right, _ = encode(tmp_path, texts)
    file = tmp_path / ".cache" / "vectors.db"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    for _ in range(2):
        assert np.array_equal(encode(tmp_path, texts)[0], right)


def test_of_more_vectors_than_it_holds_the_oldest_go(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_cache, "_MOST", 3)
    encode(tmp_path, ["a", "b"])
    encode(tmp_path, ["c", "d"])
    assert encode(tmp_path, ["b", "c", "d"])[1] == []
    assert encode(tmp_path, ["a"])[1] == ["a"]
    assert encode(tmp_path, ["b"])[1] == ["b"]


def test_the_same_name_over_another_tokenizer_is_another_encoder(tmp_path):
    one, other = Counting(), Counting()
    one.identity, other.identity = "one", "other"
    encode(tmp_path, ["a"], one)
    assert encode(tmp_path, ["a"], other)[1] == ["a"]
    assert one.asked == ["a"]
