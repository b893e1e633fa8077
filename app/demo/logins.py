"""The people whom a visitor of the demo can be, and the one password of all of them."""

from dataclasses import dataclass

from app.core.errors import N_

# Long enough to pass the rules, and of no use elsewhere: see `app.accounts.passwords`.
PASSWORD = "vlieger-boven-zee"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Login:
    """One log-in that the demo offers."""

    username: str
    title: str
    text: str
    password: str = PASSWORD


LOGINS = (
    Login("lotte", N_("Lotte, moeder"), N_("Van Noor en Sem. Eén wijziging is niet aangepast, een paar wachten nog.")),
    Login("jeroen", N_("Jeroen, vader"), N_("Van Noor en Sem. Woont apart; zijn adres is geheim.")),
    Login("els", N_("Els, moeder"), N_("Tygo op De Vlieger, Lise op De Kade: één login voor twee scholen.")),
    Login("samira", N_("Juf Samira"), N_("Leerkracht van groep 5, en zelf moeder van Imani.")),
    Login("marijke", N_("Marijke, administratie"), N_("Kijkt wijzigingen na, nodigt ouders uit, leest gegevens in.")),
    Login("ruud", N_("Ruud, directeur"), N_("Kijkt wijzigingen na en nodigt ouders uit.")),
)


def table() -> str:
    """The log-ins as they are printed: who, user name, what for; the password once."""
    wide = max(len(login.title) for login in LOGINS)
    rows = [f"  {login.title:<{wide}}  {login.username:<9}  {login.text}" for login in LOGINS]
    return "\n".join(["Demo log-ins:", *rows, f"Password of all of them: {PASSWORD}"])
