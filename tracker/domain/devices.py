"""What is kept of the device somebody signs in on: enough to recognise it in a list, and no more."""

import re
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

# The first that fits: most browsers also name the one they descend from.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Cốc Cốc", r"coc_coc_browser/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS)/"),
    ("Safari", r"Version/.*Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux|X11"),
)
IPV4_BITS, IPV6_BITS = 24, 48


@dataclass(frozen=True, slots=True)
class Device:
    """A browser on a system, such as "Chrome, Windows", and the network it asked from; either may be empty."""

    client: str = ""
    network: str = ""


def device(user_agent: str, address: str) -> Device:
    """The device as its browser names itself, and its address cut to its network (/24, or /48 of IPv6)."""
    named = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return Device(", ".join(name for name in named if name), _network(address))


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, user_agent)), "")


def _network(address: str) -> str:
    try:
        bits = IPV4_BITS if ip_address(address).version == 4 else IPV6_BITS
        return str(ip_network((address, bits), strict=False))
    except ValueError:
        return ""
