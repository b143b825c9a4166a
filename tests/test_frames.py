import pytest

from service.engines.frames import DATA, END, HEADER, LARGEST, Broken, Frames, pack


def test_frames_may_come_in_any_pieces() -> None:
    sent = pack(DATA, b"x" * 1000) + pack(DATA) + pack(END)
    for size in (1, 3, 7, 999, len(sent)):
        frames = Frames()
        pieces = [sent[start : start + size] for start in range(0, len(sent), size)]
        found = [frame for piece in pieces for frame in frames.feed(piece)]
        assert found == [(DATA, b"x" * 1000), (DATA, b""), (END, b"")]


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(Broken):
        list(Frames().feed(HEADER.pack(DATA, LARGEST + 1)))
