"""Services on which people are reached, as ads write them."""

from __future__ import annotations

# ruff: noqa: SIM905

#: How people write a service -> its name.
PLATFORMS = {
    "instagram": "instagram", "insta": "instagram", "ig": "instagram",
    "snapchat": "snapchat", "snap": "snapchat", "sc": "snapchat",
    "telegram": "telegram", "tg": "telegram", "tele": "telegram",
    "whatsapp": "whatsapp", "whats app": "whatsapp", "wa": "whatsapp",
    "kik": "kik", "twitter": "twitter", "facebook": "facebook", "fb": "facebook",
    "messenger": "messenger", "tiktok": "tiktok", "tik tok": "tiktok", "onlyfans": "onlyfans",
    "wechat": "wechat", "viber": "viber", "skype": "skype", "discord": "discord",
    "signal": "signal", "line": "line", "imessage": "imessage", "cashapp": "cashapp",
    "cash app": "cashapp", "venmo": "venmo",
}  # fmt: skip
PLATFORM_WORDS = frozenset(word for name in PLATFORMS for word in name.split()) - {"app"}
#: Host of a service's profile links -> its name.
HOSTS = {
    "instagram.com": "instagram", "t.me": "telegram", "telegram.me": "telegram",
    "snapchat.com": "snapchat", "kik.me": "kik", "twitter.com": "twitter", "x.com": "twitter",
    "facebook.com": "facebook", "fb.com": "facebook", "m.me": "facebook", "fb.me": "facebook",
    "tiktok.com": "tiktok", "onlyfans.com": "onlyfans", "wa.me": "whatsapp",
    "discord.gg": "discord", "cash.app": "cashapp", "venmo.com": "venmo",
}  # fmt: skip

#: First parts of a path that a service keeps for its own pages: no user's name.
COMMON_PAGES = frozenset(
    "about account accounts add ads app api blog business careers contact developers directory "
    "discover download explore groups help home i index.html index.php intent invite join jobs "
    "legal login logout messages notifications p pages policies policy popular press privacy reel "
    "reels search settings share sharer sharer.php signup support tag tags terms tos tv video "
    "videos watch web".split()
)
#: What a service keeps beside those; a service that is not named keeps the common ones.
OWN_PAGES: dict[str, frozenset[str]] = {
    "instagram": COMMON_PAGES | frozenset("direct developer highlights".split()),
    "telegram": COMMON_PAGES
    | frozenset(
        "joinchat addstickers addemoji addlist addtheme setlanguage c proxy socks bg iv boost "
        "giftcode confirmphone".split()
    ),
    "snapchat": COMMON_PAGES | frozenset("spotlight lens unlock map".split()),
    "twitter": COMMON_PAGES | frozenset("hashtag compose following followers lists".split()),
    "facebook": COMMON_PAGES
    | frozenset(
        "story.php permalink.php photo photo.php photos media events event.php "
        "group.php marketplace hashtag l.php dialog plugins gaming stories notes "
        "public dating live fundraisers donate recover posts".split()
    ),
    "tiktok": COMMON_PAGES | frozenset("music foryou following live t embed upload".split()),
    "onlyfans": COMMON_PAGES | frozenset("my posts".split()),
    "whatsapp": COMMON_PAGES | frozenset("message channel send c qr catalog product".split()),
}
#: First part of a path after which the user's name stands.
BEFORE_A_NAME: dict[str, frozenset[str]] = {
    "snapchat": frozenset(["add"]),
    "instagram": frozenset(["stories"]),
    "telegram": frozenset(["s"]),
    "venmo": frozenset(["u"]),
    "facebook": frozenset(["pg"]),
}
#: Rules of style sheets that begin with @, as a page's source in an ad's text has them.
STYLE_RULES = frozenset(
    "media import charset namespace supports page container layer property keyframes document "
    "viewport counter apply include mixin extend".split()
)
#: Endings of files, which are no domains.
FILE_ENDINGS = frozenset(
    "png jpg jpeg gif webp svg bmp ico avif heic tif tiff css js json html htm php xml pdf woff "
    "ttf otf eot mp4 mp3 webm zip".split()
)
