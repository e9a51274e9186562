"""What is kept of a device: its browser and system, and its network alone."""

import pytest

from tracker.domain.devices import Device, device

EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1"
COC_COC = "Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/126.0 Chrome/120.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"


@pytest.mark.parametrize(
    ("agent", "address", "kept"),
    [
        (EDGE, "192.0.2.55", Device("Edge, Windows", "192.0.2.0/24")),
        (IPHONE, "2001:db8:7:8::9", Device("Safari, iPhone", "2001:db8:7::/48")),
        (COC_COC, "127.0.0.1", Device("Cốc Cốc, Windows", "127.0.0.0/24")),
        (FIREFOX, "nowhere", Device("Firefox, Linux", "")),
        ("curl/8.7", "", Device("", "")),
        ("", "fe80::1%eth0", Device("", "fe80::/48")),
    ],
)
def test_a_device_is_told_by_browser_system_and_network(agent: str, address: str, kept: Device) -> None:
    assert device(agent, address) == kept
