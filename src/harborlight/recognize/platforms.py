"""Services on which people are reached, as ads write them."""

from __future__ import annotations

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
