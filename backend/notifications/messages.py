"""What people are told about their own account: the words for the room below, which cannot speak here itself."""

from backend.accounts.happenings import Act
from backend.kit.language import N_, _
from backend.notifications.words import Data, Words, register

# Each: the news, what follows from it, the page it leads to, icon, tone.
_NEWS = {
    Act.IDENTITY_VERIFIED: (
        N_("Xã đã xem căn cước"),
        N_("Lần sau đến quầy không phải đưa thẻ nữa."),
        "/toi",
        "shield-check",
        "ok",
    ),
    Act.CODE_GIVEN: (
        N_("Xã vừa đưa mã đặt lại mật khẩu"),
        N_("Mã dùng một lần, trong 30 phút. Không phải mình xin thì gọi xã ngay."),
        "/toi/thiet-bi",
        "lock",
        "warn",
    ),
    Act.PASSWORD_CHANGED: (
        N_("Mật khẩu đã đổi"),
        N_("Các máy khác phải đăng nhập lại. Không phải mình đổi thì mang căn cước đến xã."),
        "/toi/thiet-bi",
        "lock",
        "warn",
    ),
    Act.PASSWORD_RESET: (
        N_("Mật khẩu đã đặt lại bằng mã"),
        N_("Mọi máy phải đăng nhập lại. Không phải mình đặt thì mang căn cước đến xã."),
        "/toi/thiet-bi",
        "lock",
        "warn",
    ),
    Act.NEW_DEVICE: (
        N_("Một máy mới vừa đăng nhập"),
        N_("Không phải máy của mình thì đăng xuất máy đó, rồi đổi mật khẩu."),
        "/toi/thiet-bi",
        "monitor-smartphone",
        "warn",
    ),
    Act.EMAIL_CONFIRMED: (
        N_("Đã xác nhận e-mail của tài khoản"),
        N_("Lấy lại mật khẩu được qua e-mail này. Không phải mình thì xóa e-mail, rồi đổi mật khẩu."),
        "/toi/thong-tin",
        "mail",
        "info",
    ),
}


def event_of(act: Act) -> str | None:
    """Return the event under which a person is told of `act`; None when it is no news to them."""
    return f"account.{act}" if act in _NEWS else None


def _speak(act: Act) -> None:
    title, line, path, icon, tone = _NEWS[act]

    def words(_data: Data) -> Words:
        return Words(title=_(title), line=_(line), path=path, icon=icon, tone=tone)

    register(f"account.{act}", words)


for _act in _NEWS:
    _speak(_act)
