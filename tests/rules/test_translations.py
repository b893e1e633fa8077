"""Rules about texts: all of them can be translated, the English is complete, and the Dutch is short and plain."""

import re
from datetime import UTC, datetime

import html5lib
import pytest
import sqlalchemy as sa
from flask_babel import force_locale
from jinja2 import nodes

from app import create_app
from app.accounts.models import Account
from app.core import clock, languages
from app.core.jinja import day, moment, time_of
from tests.conftest import settings_for
from tests.factories.accounts import PASSWORD
from tests.rules import texts
from tests.rules.access_scopes import addresses
from tests.rules.access_table import TABLE
from tests.rules.code import TEMPLATES, templates
from tests.rules.test_mails import LONGEST_SUBJECT, Personal

LANGUAGES = ["en"]
PLACE = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}")


@pytest.fixture(autouse=True, scope="module")
def compiled(app):
    for language in LANGUAGES:
        texts.compile_stale(language)
    with app.app_context():
        languages.babel.domain_instance.cache.clear()


# The catalogues


@pytest.mark.parametrize("language", LANGUAGES)
class TestCatalogue:
    def test_every_text_is_there_and_no_other(self, language):
        known = {m.id if isinstance(m.id, str) else m.id[0] for m in texts.catalogue(language) if m.id}
        wanted = set(texts.texts())
        assert not wanted - known, f"run `make translations`, then translate: {sorted(wanted - known)[:5]}"
        assert not known - wanted, f"run `make translations`; nobody uses: {sorted(known - wanted)[:5]}"
        assert not texts.catalogue(language).obsolete

    def test_every_text_is_translated(self, language):
        for message in texts.catalogue(language):
            several = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(several), f"not translated: {message.id}"
            assert not (message.id and message.fuzzy), f"only guessed: {message.id}"
            assert isinstance(message.id, tuple) == isinstance(message.string, tuple), message.id

    def test_the_placeholders_are_the_same(self, language):
        for message in texts.catalogue(language):
            if not message.id:
                continue
            dutch = message.id if isinstance(message.id, tuple) else (message.id,)
            several = message.string if isinstance(message.string, tuple) else (message.string,)
            wanted = sorted(PLACE.findall(dutch[-1]))
            for text in several:
                assert sorted(PLACE.findall(text)) == wanted, f"{dutch[0]} / {text}"

    def test_it_begins_and_ends_as_the_dutch_does(self, language):
        """A full stop, a question mark, a space: a text may be put between others."""
        for message in texts.catalogue(language):
            if isinstance(message.id, str) and message.id and not message.id.startswith("%(hour)s"):
                text, dutch = message.string, message.id
                assert (text[0] == " ", text[-1] == " ") == (dutch[0] == " ", dutch[-1] == " "), dutch
                assert (text[-1] in ".:,…") == (dutch[-1] in ".:,…"), f"{dutch} / {text}"

    def test_no_sentence_is_long(self, language):
        for message in texts.catalogue(language):
            for text in message.string if isinstance(message.string, tuple) else (message.string,):
                if message.id and message.id not in LONG:
                    assert max(map(len, texts.sentences(text)), default=0) <= LONGEST, text


# The Dutch

LONGEST, MEAN = 20, 12
# Longer, because they name all the columns of a file.
LONG: set[str] = set()
PLAIN = re.compile(r"\b(middels|indien|conform)\b", re.IGNORECASE)
FOR_STAFF = re.compile(
    r"\b(gebruikers?|records?|mutaties?|tickets?|in afwachting|afgewezen)\b",
    re.IGNORECASE,
)


def dutch() -> list[str]:
    return [each for text, (_files, plural) in texts.texts().items() for each in (text, plural) if each]


def test_there_are_texts():
    assert len(texts.texts()) > 500
    assert len(texts.for_parents()) > 250


def test_sentences_are_short():
    lengths = [len(words) for text in dutch() for words in texts.sentences(text)]
    assert sum(lengths) / len(lengths) <= MEAN
    for text in dutch():
        longest = max(map(len, texts.sentences(text)), default=0)
        assert longest <= LONGEST or text in LONG, f"{longest} words: {text}"
    assert set(dutch()) >= LONG


def test_words_are_plain():
    for text in dutch():
        assert not PLAIN.search(text), text
    for text, files in texts.for_parents().items():
        assert not FOR_STAFF.search(text), f"{sorted(files)}: {text}"


# Texts that nobody could translate

# Names and lists of words in files, SQL, logs; the demo's people; what a command prints.
CODE = re.compile(
    r"app/(demo/(asked|crowd|family|names|seed|place|past|accounts)|[a-z]+/cli|roster/(headers|list_values))\.py"
)


def test_every_dutch_text_in_the_code_is_marked():
    known = {each for text, (_files, plural) in texts.texts().items() for each in (text, plural)}
    assert texts.unmarked(known, without=CODE) == []


def test_every_text_in_a_template_is_wrapped():
    for name, source in templates().items():
        text = texts.outside_jinja(source)
        for shown in texts.SHOWN_ATTRIBUTE.findall(text):
            assert not texts.LETTERS.search(shown), f"{name}: {shown}"
        found = texts.LETTERS.findall(re.sub(r"&\w+;", " ", texts.TAG.sub(" ", text)))
        assert not found, f"{name}: {' '.join(found)}"


def test_every_text_that_a_template_hands_on_is_wrapped(app):
    sentence = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+( |$)")
    for name, source in templates().items():
        tree = app.jinja_env.parse(source, name)
        wrapped = {
            id(text)
            for call in tree.find_all(nodes.Call)
            if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext")
            for text in call.find_all(nodes.Const)
        }
        for text in tree.find_all(nodes.Const):
            if isinstance(text.value, str) and id(text) not in wrapped:
                assert not sentence.match(text.value), f"{name}: {text.value}"


def test_a_bare_text_would_be_seen():
    """Proof that the rules above can fail."""
    assert texts.LETTERS.search(texts.TAG.sub(" ", texts.outside_jinja("<p>Nog {{ number }} te gaan</p>")))
    assert not texts.LETTERS.search(
        texts.TAG.sub(" ", texts.outside_jinja('<p class="small">{{ _("Nog niets") }}</p>'))
    )
    assert texts.SHOWN_ATTRIBUTE.findall('<a title="Terug">') == ["Terug"]


# What a person sees


def shown(answer) -> str:
    """The words of a page: text, and what is read aloud; not what somebody may have typed, nor the columns of a file."""
    tree = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    for parent in list(tree.iter()):
        for element in parent:
            if element.tag in ("script", "style", "textarea") or element.get("class") == "code":
                element.text = ""
    said = list(tree.itertext())
    for element in tree.iter():
        if isinstance(element.tag, str):
            said += [
                str(element.get(name)) for name in ("aria-label", "title", "placeholder", "alt") if element.get(name)
            ]
    return " | ".join(" ".join(text.split()) for text in said if text.strip())


def left_in_dutch(text: str) -> list[str]:
    """Texts of ours (long enough to be no coincidence) that stand in it although there is English for them."""
    found = []
    for message in texts.catalogue("en"):
        pairs = (
            zip(message.id, message.string, strict=True)
            if isinstance(message.id, tuple)
            else [(message.id, message.string)]
        )
        for dutch, english in pairs:
            parts = [part.strip() for part in PLACE.split(dutch)]
            long = [part for part in parts if len(part) >= 12 and part not in english]
            if long and all(part in text for part in parts):
                found.append(dutch)
    return found


@pytest.mark.parametrize("role", ["anonymous", "lotte", "samira", "marijke"])
def test_no_page_in_english_holds_dutch(app, world, role):
    client, whose = world.clients[role], world.roles[role]
    answer = client.post("/language", data={"language": "en", "csrf_token": world.tokens[role]})
    assert answer.status_code == 303
    asked = 0
    for rule in app.url_map.iter_rules():
        entry = TABLE[rule.endpoint]
        if entry.get is None:
            continue
        for path, _args in addresses(world, role, rule):
            with client.keeping():
                page = client.get(path)
            if page.mimetype != "text/html" or rule.endpoint == "pwa.offline":
                continue  # the page without internet is one for everybody, kept on the phone
            asked += page.status_code == 200
            if page.status_code < 300 or page.status_code >= 400:
                assert '<html lang="en"' in page.text, path
                assert left_in_dutch(shown(page)) == [], f"{role} {path}"
    assert asked >= (5 if whose.is_out else 15)


def test_dutch_on_an_english_page_would_be_seen():
    """Proof that the walk can fail, also for a text with a place for a value."""
    assert left_in_dutch("Hello | Doorgegeven. De school kijkt het na.") == ["Doorgegeven. De school kijkt het na."]
    assert "Noodnummers van %(name)s" in left_in_dutch("Noodnummers van Noor")
    assert left_in_dutch("Sent. The school will check it.") == []


def test_dutch_is_what_one_gets_unasked(client, cast, login):
    assert '<html lang="nl"' in client.get("/login", headers={"Accept-Language": "en-GB,en"}).text
    assert '<html lang="nl"' in login(cast.accounts["lotte"]).get("/me").text


def test_the_choice_is_kept_with_the_account(app, cast, client, database):
    """After logging out and in again, also in another browser."""
    sign_in = {"username": "lotte", "password": PASSWORD}
    assert client.submit("/login", sign_in).status_code == 303
    assert '<html lang="nl"' in client.get("/me").text
    assert client.submit("/language", {"language": "en"}, form_at="/me").status_code == 303
    assert '<html lang="en"' in client.get("/me").text
    assert database.session.scalar(sa.select(Account.language).where(Account.username == "lotte")) == "en"
    client.submit("/logout", form_at="/me")
    other = app.test_client()
    assert '<html lang="nl"' in other.get("/login").text
    assert other.submit("/login", sign_in).status_code == 303
    assert '<html lang="en"' in other.get("/me").text


def test_the_choice_is_kept_in_the_browser_of_who_is_not_logged_in(client, cast):
    client.submit("/language", {"language": "en"})
    for path in ("/login", "/forgot", "/nowhere"):
        assert '<html lang="en"' in client.get(path).text, path


# Days and times, mails


def test_days_and_times_in_english(app, monkeypatch):
    now = datetime(2026, 3, 12, 8, 14, tzinfo=UTC)
    monkeypatch.setattr(clock, "today", now.date)
    with app.test_request_context(), force_locale("en"):
        assert (day(now), time_of(now), moment(now)) == ("12 March", "09:14", "today 09:14")
    with app.test_request_context(), force_locale("nl"):
        assert (day(now), time_of(now), moment(now)) == ("12 maart", "09.14 uur", "vandaag 09.14 uur")


@pytest.mark.parametrize("values", [{"count": 12, "urgent": False}, {"count": 1, "urgent": True}])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_subject_is_short_in_every_language(app, language, values):
    with app.test_request_context(), force_locale(language):
        environment = app.jinja_env.overlay(undefined=Personal)
        for path in sorted((TEMPLATES / "mail").rglob("subject.txt")):
            line = environment.from_string(path.read_text()).render(values).strip()
            assert len(line) <= LONGEST_SUBJECT, f"{path.parent.name}: {line}"


def test_without_compiled_catalogues_all_is_dutch(database_url, data_dir, tmp_path, monkeypatch):
    """A checkout that was never set up starts, and says what the code says."""
    settings = {**settings_for(database_url, data_dir), "BABEL_TRANSLATION_DIRECTORIES": str(tmp_path)}
    app = create_app(settings)
    with app.app_context():
        monkeypatch.setattr(languages.babel.domain_instance, "cache", {})
        monkeypatch.setattr(languages.babel.domain_instance, "words", {})
    client = app.test_client()
    with client.session_transaction() as session:
        session["language"] = "en"
    page = client.get("/login").text
    assert '<html lang="en"' in page
    assert "Inloggen" in page
