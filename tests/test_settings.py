import pytest
from pydantic import ValidationError

from service.settings import Settings


def test_defaults_are_safe() -> None:
    settings = Settings()
    assert settings.host == "127.0.0.1"
    assert settings.service_allow_list == ()
    assert settings.operator_token is None


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHISAKU_PORT", "9000")
    monkeypatch.setenv("SHISAKU_SERVICE_ALLOW_LIST", "http://a/ http://b/")
    settings = Settings()
    assert (settings.port, settings.service_allow_list) == (9000, ("http://a/", "http://b/"))


@pytest.mark.parametrize(
    ("name", "value"),
    [("BASE_IRI", "https://no.slash"), ("BASE_IRI", "file:///x/"), ("PORT", "99999"), ("WORKERS", "0")],
)
def test_unfit_values_stop_the_start(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"SHISAKU_{name}", value)
    with pytest.raises(ValidationError):
        Settings()
